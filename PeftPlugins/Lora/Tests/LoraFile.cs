using System.Text.Json;
using SkPeft.Testing;

namespace SkPeft.PeftPlugins.Tests.Lora;

/// <summary>Hand-made LoRA files for a random base.</summary>
internal sealed class LoraFile(ReferenceLlama model)
{
    public const string Prefix = "base_model.model.";

    private readonly Random _random = new(3);

    public Dictionary<string, object?> Config { get; } = new() { ["peft_type"] = "LORA", ["r"] = 4, ["lora_alpha"] = 6, ["target_modules"] = null };

    public Dictionary<string, Tensor> Tensors { get; } = [];

    public AdapterPackage Package => AdapterFolder.Make(JsonSerializer.Serialize(Config), Tensors);

    /// <summary>Adds A and B, and what else the configuration asks for, of a module.</summary>
    public LoraFile Adapt(string module, int rank)
    {
        ModuleInfo info = model.Shape.Find(module)!;
        bool embedding = info.Kind == ModuleKind.Embedding;
        Tensors[$"{Prefix}{module}.{(embedding ? "lora_embedding_A" : "lora_A.weight")}"] = Normal(embedding ? [rank, info.Outputs] : [rank, info.Inputs]);
        Tensors[$"{Prefix}{module}.{(embedding ? "lora_embedding_B" : "lora_B.weight")}"] = Normal(embedding ? [info.Inputs, rank] : [info.Outputs, rank]);
        if (Config.ContainsKey("use_dora"))
        {
            Tensors[$"{Prefix}{module}.lora_magnitude_vector"] = Normal(embedding ? info.Inputs : info.Outputs).Plus(2);
        }

        if (Config.ContainsKey("lora_bias"))
        {
            Tensors[$"{Prefix}{module}.lora_B.bias"] = Normal(info.Outputs);
        }

        return this;
    }

    public Tensor Normal(params int[] shape) => RandomTensors.Normal(_random, 0.3, shape);
}
