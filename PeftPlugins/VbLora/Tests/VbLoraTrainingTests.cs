using System.Text.Json.Nodes;
using SkPeft.PeftPlugins.Tests.Layers;

namespace SkPeft.PeftPlugins.Tests.VbLora;

/// <summary>Both factors start with what the bank has: step 0 is not the base.</summary>
public sealed class VbLoraTrainingTests : LayerTrainingTests<VbLoraSample>
{
    protected override Action<JsonNode>? StartAtBase => null;
}
