using System.Text.Json;

namespace SkPeft;

/// <summary>An adapter's two files, parsed: <c>adapter_config.json</c> and the tensors of <c>adapter_model.safetensors</c> as fp32.</summary>
/// <param name="name">What the caller calls it; for messages.</param>
/// <param name="config">The configuration: a JSON object.</param>
/// <param name="tensors">The tensors under the names in the file.</param>
public sealed class AdapterPackage(string name, JsonElement config, IReadOnlyDictionary<string, Tensor> tensors)
{
    /// <summary>What the caller calls it; for messages.</summary>
    public string Name { get; } = name;

    /// <summary>The configuration.</summary>
    public JsonElement Config { get; } = config;

    /// <summary>The tensors under the names in the file.</summary>
    public IReadOnlyDictionary<string, Tensor> Tensors { get; } = tensors;

    /// <summary>The task that a multitask adapter is to serve, or null where none was asked for.</summary>
    public int? Task { get; init; }

    /// <summary>The <c>peft_type</c> of the configuration.</summary>
    /// <exception cref="FileFormatException">It is missing or not a string.</exception>
    public string PeftType =>
        Config.ValueKind == JsonValueKind.Object && Config.TryGetProperty("peft_type", out JsonElement type) && type.ValueKind == JsonValueKind.String
            ? type.GetString()!
            : throw new FileFormatException($"{Name}/adapter_config.json", "peft_type", "nothing", "a string such as \"LORA\"");
}
