using SkPeft.PeftPlugins.Tests.Layers;

namespace SkPeft.PeftPlugins.Tests.Boft;

public sealed class BoftTrainingTests : LayerTrainingTests<BoftSample>;
