using System.Text.Json.Nodes;
using SkPeft.PeftPlugins.Tests.Layers;

namespace SkPeft.PeftPlugins.Tests.Hra;

/// <summary>An even number of reflections starts in pairs; the sample's three are odd.</summary>
public sealed class HraTrainingTests : LayerTrainingTests<HraSample>
{
    protected override Action<JsonNode>? StartAtBase => config => config["r"] = 4;
}
