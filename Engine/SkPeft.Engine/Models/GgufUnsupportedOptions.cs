using System.Globalization;
using SkPeft.Tensors.Formats;

namespace SkPeft.Engine.Models;

/// <summary>
/// Refuses GGUF files that are no plain LLaMA. The keys under <c>llama.</c> are few and each changes the result, so one that is
/// not known here is refused rather than ignored.
/// </summary>
internal static class GgufUnsupportedOptions
{
    private static readonly HashSet<string> s_read = new(StringComparer.Ordinal)
    {
        "llama.block_count", "llama.context_length", "llama.embedding_length", "llama.feed_forward_length", "llama.vocab_size",
        "llama.attention.head_count", "llama.attention.head_count_kv", "llama.attention.key_length", "llama.attention.value_length",
        "llama.attention.layer_norm_rms_epsilon", "llama.rope.dimension_count", "llama.rope.freq_base", "llama.rope.scaling.type",
        "llama.rope.scaling.factor", "llama.rope.scale_linear",
    };

    // Known, and without effect on a plain LLaMA.
    private static readonly HashSet<string> s_harmless = new(StringComparer.Ordinal)
    {
        "llama.tensor_data_layout", "llama.rope.scaling.original_context_length", "llama.rope.scaling.finetuned", "llama.expert_used_count",
    };

    // Known, and without effect only at this value.
    private static readonly Dictionary<string, double> s_neutral = new(StringComparer.Ordinal)
    {
        ["llama.expert_count"] = 0,
        ["llama.expert_shared_count"] = 0,
        ["llama.attention.sliding_window"] = 0,
        ["llama.attention.causal"] = 1,
        ["llama.attention.max_alibi_bias"] = 0,
        ["llama.attention.clamp_kqv"] = 0,
        ["llama.use_parallel_residual"] = 0,
        ["llama.rope.scaling.attn_factor"] = 1,
        ["llama.logit_scale"] = 1,
        ["llama.residual_scale"] = 1,
        ["llama.embedding_scale"] = 1,
        ["llama.final_logit_softcapping"] = 0,
        ["llama.attn_logit_softcapping"] = 0,
    };

    public static void Refuse(GgufFile file)
    {
        string architecture = file.GetString("general.architecture");
        if (architecture != "llama")
        {
            throw new UnsupportedModelException(file.Path, "general.architecture", $"'{architecture}'", "'llama'");
        }

        if (file.GetString("general.type", "model") is { } type and not "model")
        {
            throw new UnsupportedModelException(file.Path, "general.type", $"'{type}'", "'model'");
        }

        if (file.GetInt64("split.count", 1) is > 1 and long parts)
        {
            throw new UnsupportedModelException(file.Path, "split.count", $"{parts}", "1: join the parts with gguf-split --merge");
        }

        foreach ((string key, GgufValue value) in file.Metadata)
        {
            bool known = !key.StartsWith("llama.", StringComparison.Ordinal) || s_read.Contains(key) || s_harmless.Contains(key);
            if (!known && !IsNeutral(key, value))
            {
                string supported = s_neutral.TryGetValue(key, out double neutral)
                    ? neutral.ToString(CultureInfo.InvariantCulture)
                    : "a file without this key";
                throw new UnsupportedModelException(file.Path, key, Describe(value), supported);
            }
        }
    }

    private static bool IsNeutral(string key, GgufValue value) => s_neutral.TryGetValue(key, out double neutral) && value.Type switch
    {
        GgufValueType.Bool => value.AsBool() == (neutral != 0),
        GgufValueType.Float32 or GgufValueType.Float64 => value.AsDouble() == neutral,
        GgufValueType.String or GgufValueType.Array or GgufValueType.UInt64 => false,
        _ => value.AsInt64() == neutral,
    };

    private static string Describe(GgufValue value)
    {
        string text = value.ToString();
        return text.Length <= 120 ? text : $"{text[..120]}…";
    }
}
