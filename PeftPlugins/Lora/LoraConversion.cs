using System.Text.Json;
using System.Text.Json.Nodes;
using SkPeft.Tensors.Ops;

namespace SkPeft.Peft.Lora;

/// <summary>
/// A run that took its factors from the base's weights, as a plain LoRA on that base: ΔW = s·(B A − B₀A₀) = s·[B, −B₀][A; A₀], of twice the
/// rank. The scale stays: alpha grows with the rank.
/// </summary>
/// <param name="start">How the run started.</param>
/// <param name="shape">The base.</param>
internal sealed class LoraConversion(LoraStart start, ModelShape shape)
{
    /// <summary>Converts; a run that started otherwise is given back as it is.</summary>
    public AdapterPackage Convert(AdapterPackage package) => start.TakesFromTheBase
        ? new AdapterPackage(package.Name, Convert(package.Config), package.Tensors.ToDictionary(t => t.Key, t => Convert(t.Key, t.Value), StringComparer.Ordinal))
        : package;

    private Tensor Convert(string name, Tensor tensor)
    {
        // The embedding starts as ever: its half is empty.
        LoraOrigin? origin = shape.Modules.Select(m => (m.Name, Origin: start.OriginOf(m)))
            .FirstOrDefault(m => name.StartsWith($"{AdapterTensors.Prefix}{m.Name}.lora_", StringComparison.Ordinal)).Origin;
        return name switch
        {
            _ when name.EndsWith(".lora_A.weight", StringComparison.Ordinal) => TensorOps.Concat(0, tensor, origin!.A),
            _ when name.EndsWith(".lora_B.weight", StringComparison.Ordinal) => TensorOps.Concat(1, tensor, origin!.B.Scale(-1)),
            _ when name.EndsWith(".lora_embedding_A", StringComparison.Ordinal) => TensorOps.Concat(0, tensor, new Tensor(tensor.Shape)),
            _ when name.EndsWith(".lora_embedding_B", StringComparison.Ordinal) => TensorOps.Concat(1, tensor, new Tensor(tensor.Shape)),
            _ => tensor,
        };
    }

    private static JsonElement Convert(JsonElement config)
    {
        JsonObject json = JsonObject.Create(config)!;
        bool isRankStabilised = json["use_rslora"]?.GetValueKind() == JsonValueKind.True;
        double factor = isRankStabilised ? Math.Sqrt(2) : 2;
        Multiply(json, "r", 2);
        Multiply(json, "lora_alpha", factor);
        Multiply(json["rank_pattern"] as JsonObject, null, 2);
        Multiply(json["alpha_pattern"] as JsonObject, null, factor);
        return JsonSerializer.SerializeToElement(json);
    }

    private static void Multiply(JsonObject? numbers, string? only, double factor)
    {
        foreach (string key in numbers is null ? [] : numbers.Select(n => n.Key).Where(k => only is null || k == only).ToArray())
        {
            numbers![key] = JsonNode.Parse(numbers[key]!.ToJsonString())!.GetValue<double>() * factor;
        }
    }
}
