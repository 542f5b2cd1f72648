using System.Text.Json;
using SkPeft.Tensors.Formats;

namespace SkPeft.Host.Demo;

/// <summary>A seeded random LLaMA with a tokenizer of bytes, written as a folder: for a demo without a model.</summary>
internal static class DemoModel
{
    private const int Hidden = 64, Layers = 4, Heads = 4, KeyValueHeads = 2, HeadDim = 16, Intermediate = 160;

    public static void Write(string folder, int seed)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "config.json"), JsonSerializer.Serialize(Config()));
        File.WriteAllText(Path.Combine(folder, "tokenizer.json"), ByteTokenizer.Json());
        SafetensorsWriter.Write(Path.Combine(folder, "model.safetensors"), Weights(seed).Entries);
    }

    private static Dictionary<string, object> Config() => new()
    {
        ["architectures"] = new[] { "LlamaForCausalLM" },
        ["model_type"] = "llama",
        ["hidden_act"] = "silu",
        ["hidden_size"] = Hidden,
        ["intermediate_size"] = Intermediate,
        ["num_hidden_layers"] = Layers,
        ["num_attention_heads"] = Heads,
        ["num_key_value_heads"] = KeyValueHeads,
        ["head_dim"] = HeadDim,
        ["max_position_embeddings"] = 512,
        ["rms_norm_eps"] = 1e-5,
        ["rope_theta"] = 10000.0,
        ["tie_word_embeddings"] = false,
        ["attention_bias"] = false,
        ["mlp_bias"] = false,
        ["vocab_size"] = ByteTokenizer.Size,
        ["eos_token_id"] = ByteTokenizer.EndOfText,
    };

    private static SeededTensors Weights(int seed)
    {
        SeededTensors tensors = new(seed);
        double wide = 1 / Math.Sqrt(Hidden), deep = 1 / Math.Sqrt(Intermediate);
        tensors.Normal("model.embed_tokens.weight", 0, 1, ByteTokenizer.Size, Hidden);
        for (int i = 0; i < Layers; i++)
        {
            string layer = $"model.layers.{i}";
            tensors.Constant($"{layer}.input_layernorm.weight", 1, Hidden);
            tensors.Normal($"{layer}.self_attn.q_proj.weight", 0, 2 * wide, Heads * HeadDim, Hidden);
            tensors.Normal($"{layer}.self_attn.k_proj.weight", 0, 2 * wide, KeyValueHeads * HeadDim, Hidden);
            tensors.Normal($"{layer}.self_attn.v_proj.weight", 0, wide, KeyValueHeads * HeadDim, Hidden);
            tensors.Normal($"{layer}.self_attn.o_proj.weight", 0, wide, Hidden, Heads * HeadDim);
            tensors.Constant($"{layer}.post_attention_layernorm.weight", 1, Hidden);
            tensors.Normal($"{layer}.mlp.gate_proj.weight", 0, wide, Intermediate, Hidden);
            tensors.Normal($"{layer}.mlp.up_proj.weight", 0, wide, Intermediate, Hidden);
            tensors.Normal($"{layer}.mlp.down_proj.weight", 0, deep, Hidden, Intermediate);
        }

        tensors.Constant("model.norm.weight", 1, Hidden);

        // Only letters and blanks get a chance, so that its noise can be printed.
        tensors.NormalRows("lm_head.weight", wide, token => token == ' ' || token is >= 'a' and <= 'z', ByteTokenizer.Size, Hidden);
        return tensors;
    }
}
