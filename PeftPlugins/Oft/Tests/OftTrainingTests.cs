using SkPeft.PeftPlugins.Tests.Layers;

namespace SkPeft.PeftPlugins.Tests.Oft;

public sealed class OftTrainingTests : LayerTrainingTests<OftSample>
{
    // HF 0.21 makes the layer that would, and never calls it.
    protected override bool Drops(string key) => false;
}
