using SkPeft.PeftPlugins.Tests.Layers;

namespace SkPeft.PeftPlugins.Tests.Oft;

public sealed class OftTrainingTests : LayerTrainingTests<OftSample>;
