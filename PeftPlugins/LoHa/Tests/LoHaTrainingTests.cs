using SkPeft.PeftPlugins.Tests.Layers;

namespace SkPeft.PeftPlugins.Tests.LoHa;

public sealed class LoHaTrainingTests : LayerTrainingTests<LoHaSample>;
