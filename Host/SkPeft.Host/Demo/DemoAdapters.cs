using System.Text.Json;
using SkPeft.Tensors.Formats;

namespace SkPeft.Host.Demo;

/// <summary>Seeded random adapters of several methods, as folders in HF PEFT's layout, fitting a model's sizes.</summary>
internal sealed class DemoAdapters(ModelSizes sizes)
{
    private const int Tokens = 4;

    public void Lora(string folder, int seed)
    {
        const int rank = 4;
        SeededTensors tensors = new(seed);
        for (int i = 0; i < sizes.Layers; i++)
        {
            foreach ((string module, int outputs) in new[] { ("q_proj", sizes.QueryWidth), ("v_proj", sizes.KeyValueWidth) })
            {
                string name = $"base_model.model.model.layers.{i}.self_attn.{module}";
                tensors.Normal($"{name}.lora_A.weight", 0, 1 / Math.Sqrt(sizes.HiddenSize), rank, sizes.HiddenSize);
                tensors.Normal($"{name}.lora_B.weight", 0, 0.2, outputs, rank);
            }
        }

        Write(folder, tensors, new() { ["peft_type"] = "LORA", ["r"] = rank, ["lora_alpha"] = 2 * rank, ["target_modules"] = new[] { "q_proj", "v_proj" }, ["bias"] = "none" });
    }

    public void Prefix(string folder, int seed)
    {
        SeededTensors tensors = new(seed);
        tensors.Normal("prompt_embeddings", 0, 0.5, Tokens, sizes.Layers * 2 * sizes.KeyValueWidth);
        Write(folder, tensors, PromptConfig("PREFIX_TUNING", sizes.KeyValueWidth, sizes.KeyValueHeads));
    }

    public void Prompt(string folder, int seed)
    {
        SeededTensors tensors = new(seed);
        tensors.Normal("prompt_embeddings", 0, 0.5, Tokens, sizes.HiddenSize);
        Write(folder, tensors, PromptConfig("PROMPT_TUNING", sizes.HiddenSize, sizes.Heads));
    }

    public void Ia3(string folder, int seed)
    {
        SeededTensors tensors = new(seed);
        for (int i = 0; i < sizes.Layers; i++)
        {
            string name = $"base_model.model.model.layers.{i}";
            tensors.Normal($"{name}.self_attn.k_proj.ia3_l", 1, 0.3, sizes.KeyValueWidth, 1);
            tensors.Normal($"{name}.self_attn.v_proj.ia3_l", 1, 0.3, sizes.KeyValueWidth, 1);
            tensors.Normal($"{name}.mlp.down_proj.ia3_l", 1, 0.3, 1, sizes.IntermediateSize);
        }

        Write(folder, tensors, new()
        {
            ["peft_type"] = "IA3", ["target_modules"] = new[] { "k_proj", "v_proj", "down_proj" }, ["feedforward_modules"] = new[] { "down_proj" },
        });
    }

    public void Iapt(string folder, int seed)
    {
        const int bottleneck = 16;
        SeededTensors tensors = new(seed);
        double wide = 1 / Math.Sqrt(sizes.HiddenSize), narrow = 1 / Math.Sqrt(bottleneck);
        for (int i = 0; i < sizes.Layers; i++)
        {
            tensors.Normal($"groups.{i}.down.weight", 0, wide, bottleneck, sizes.HiddenSize);
            tensors.Normal($"groups.{i}.up.weight", 0, narrow, sizes.HiddenSize, bottleneck);
            tensors.Normal($"layers.{i}.pool.weight", 0, narrow, Tokens, bottleneck);

            // The rational activation, started near the identity.
            tensors.Values($"layers.{i}.act.numerator", 0, 1, 0.1f, 0, 0, 0, 0);
            tensors.Values($"layers.{i}.act.denominator", 0, 0.1f, 0, 0, 0);
        }

        Write(folder, tensors, new()
        {
            ["peft_type"] = "SKPEFT_IAPT", ["num_virtual_tokens"] = Tokens, ["bottleneck"] = bottleneck, ["share_group"] = 1, ["up_bias"] = "none",
        });
    }

    private Dictionary<string, object> PromptConfig(string type, int width, int heads) => new()
    {
        ["peft_type"] = type,
        ["num_virtual_tokens"] = Tokens,
        ["token_dim"] = width,
        ["num_attention_heads"] = heads,
        ["num_layers"] = sizes.Layers,
        ["num_transformer_submodules"] = 1,
    };

    private static void Write(string folder, SeededTensors tensors, Dictionary<string, object> config)
    {
        Directory.CreateDirectory(folder);
        config["task_type"] = "CAUSAL_LM";
        File.WriteAllText(Path.Combine(folder, "adapter_config.json"), JsonSerializer.Serialize(config));
        SafetensorsWriter.Write(Path.Combine(folder, "adapter_model.safetensors"), tensors.Entries);
    }
}
