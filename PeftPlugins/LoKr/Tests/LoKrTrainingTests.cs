using SkPeft.PeftPlugins.Tests.Layers;

namespace SkPeft.PeftPlugins.Tests.LoKr;

public sealed class LoKrTrainingTests : LayerTrainingTests<LoKrSample>;
