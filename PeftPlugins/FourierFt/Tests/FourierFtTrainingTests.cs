using SkPeft.PeftPlugins.Tests.Layers;

namespace SkPeft.PeftPlugins.Tests.FourierFt;

public sealed class FourierFtTrainingTests : LayerTrainingTests<FourierFtSample>;
