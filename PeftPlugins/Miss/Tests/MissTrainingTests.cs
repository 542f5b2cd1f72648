using SkPeft.PeftPlugins.Tests.Layers;

namespace SkPeft.PeftPlugins.Tests.Miss;

public sealed class MissTrainingTests : LayerTrainingTests<MissSample>;
