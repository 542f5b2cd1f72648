using System.Globalization;

namespace SkPeft.Engine.Models.Loading;

/// <summary>GGUF's names of a LLaMA's tensors, and Hugging Face's.</summary>
internal static class GgufNames
{
    private static readonly (string Gguf, string Hf)[] s_outer =
        [("token_embd", "model.embed_tokens"), ("output_norm", "model.norm"), ("output", "lm_head")];

    private static readonly (string Gguf, string Hf)[] s_inBlock =
    [
        ("attn_norm", "input_layernorm"), ("ffn_norm", "post_attention_layernorm"),
        ("attn_q", "self_attn.q_proj"), ("attn_k", "self_attn.k_proj"), ("attn_v", "self_attn.v_proj"), ("attn_output", "self_attn.o_proj"),
        ("ffn_gate", "mlp.gate_proj"), ("ffn_up", "mlp.up_proj"), ("ffn_down", "mlp.down_proj"),
    ];

    /// <summary>Hugging Face's name, or null where the tensor is none of a LLaMA's.</summary>
    public static string? ToHf(string gguf) => Translate(gguf, "blk.", "model.layers.", pair => pair.Gguf, pair => pair.Hf);

    /// <summary>GGUF's name; the name itself where there is none.</summary>
    public static string FromHf(string hf) => Translate(hf, "model.layers.", "blk.", pair => pair.Hf, pair => pair.Gguf) ?? hf;

    /// <summary>True for tensors that only repeat rotary frequencies, or that the configuration has read.</summary>
    public static bool IsRotaryBuffer(string gguf) =>
        gguf == GgufRopeReader.DivisorTensor
        || gguf.EndsWith(".attn_rot_embd.weight", StringComparison.Ordinal)
        || gguf.EndsWith(".attn_rot_embd", StringComparison.Ordinal);

    private static string? Translate(string name, string block, string toBlock,
        Func<(string Gguf, string Hf), string> from, Func<(string Gguf, string Hf), string> to)
    {
        string suffix = name.EndsWith(".weight", StringComparison.Ordinal) ? ".weight" : ".bias";
        if (!name.EndsWith(suffix, StringComparison.Ordinal))
        {
            return null;
        }

        string stem = name[..^suffix.Length];
        if (!stem.StartsWith(block, StringComparison.Ordinal))
        {
            return Map(s_outer, stem, from, to) is { } outer ? outer + suffix : null;
        }

        string rest = stem[block.Length..];
        int dot = rest.IndexOf('.', StringComparison.Ordinal);
        if (dot < 1 || !IsLayer(rest[..dot]) || Map(s_inBlock, rest[(dot + 1)..], from, to) is not { } inner)
        {
            return null;
        }

        return $"{toBlock}{rest[..dot]}.{inner}{suffix}";
    }

    private static string? Map((string Gguf, string Hf)[] table, string stem, Func<(string Gguf, string Hf), string> from,
        Func<(string Gguf, string Hf), string> to)
    {
        int at = Array.FindIndex(table, pair => from(pair) == stem);
        return at < 0 ? null : to(table[at]);
    }

    // Only one spelling of a number, so that two names can never mean one tensor.
    private static bool IsLayer(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int layer)
            && layer.ToString(CultureInfo.InvariantCulture) == text;
}
