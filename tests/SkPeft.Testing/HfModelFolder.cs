using System.Text.Json;
using SkPeft.Tensors.Formats;

namespace SkPeft.Testing;

/// <summary>Writes a reference model as a folder in Hugging Face's layout, so that the engine can open the same one.</summary>
public static class HfModelFolder
{
    /// <summary>Writes <c>config.json</c> and <c>model.safetensors</c> into the folder, without a tokenizer.</summary>
    public static void Write(ReferenceLlama model, string folder, int maxPositions = 512)
    {
        ModelSizes sizes = model.Shape.Sizes;
        Dictionary<string, object> config = new()
        {
            ["architectures"] = new[] { "LlamaForCausalLM" },
            ["model_type"] = "llama",
            ["attention_bias"] = sizes.AttentionBias,
            ["dtype"] = "float32",
            ["head_dim"] = sizes.HeadDim,
            ["hidden_act"] = "silu",
            ["hidden_size"] = sizes.HiddenSize,
            ["intermediate_size"] = sizes.IntermediateSize,
            ["max_position_embeddings"] = maxPositions,
            ["mlp_bias"] = sizes.MlpBias,
            ["num_attention_heads"] = sizes.Heads,
            ["num_hidden_layers"] = sizes.Layers,
            ["num_key_value_heads"] = sizes.KeyValueHeads,
            ["rms_norm_eps"] = model.NormEpsilon,
            ["rope_theta"] = model.Rope.Theta,
            ["tie_word_embeddings"] = sizes.TiedEmbeddings,
            ["vocab_size"] = sizes.VocabularySize,
        };
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "config.json"), JsonSerializer.Serialize(config));
        SafetensorsWriter.Write(Path.Combine(folder, "model.safetensors"), model.Shape.Modules
            .Where(m => !(sizes.TiedEmbeddings && m.Name == "lm_head"))
            .SelectMany(m => m.HasBias
                ? new[] { Entry($"{m.Name}.weight", model.Weight(m.Name)), Entry($"{m.Name}.bias", model.Bias(m.Name)!) }
                : [Entry($"{m.Name}.weight", model.Weight(m.Name))]));
    }

    private static SafetensorsEntry Entry(string name, Tensor tensor) => SafetensorsEntry.Of(name, tensor.Shape.ToArray(), tensor.Data.ToArray());
}
