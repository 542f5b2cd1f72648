using SkPeft.PeftPlugins.Tests.Layers;

namespace SkPeft.PeftPlugins.Tests.RandLora;

public sealed class RandLoraTrainingTests : LayerTrainingTests<RandLoraSample>;
