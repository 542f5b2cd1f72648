using SkPeft.PeftPlugins.Tests.Layers;

namespace SkPeft.PeftPlugins.Tests.Road;

public sealed class RoadTrainingTests : LayerTrainingTests<RoadSample>;
