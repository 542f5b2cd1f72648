using SkPeft.PeftPlugins.Tests.Layers;

namespace SkPeft.PeftPlugins.Tests.Vera;

public sealed class VeraTrainingTests : LayerTrainingTests<VeraSample>;
