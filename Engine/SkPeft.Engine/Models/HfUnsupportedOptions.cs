using System.Text.Json;

namespace SkPeft.Engine.Models;

/// <summary>
/// Options of other architectures, and of LLaMA itself, that would change the result and that the engine does not have. Each is
/// refused unless it has a value that means nothing.
/// </summary>
internal static class HfUnsupportedOptions
{
    private static readonly string[] s_mustBeAbsent =
    [
        "quantization_config", "compression_config", "auto_map", "vision_config", "text_config", "audio_config", "clip_qkv",
        "final_logit_softcapping", "attn_logit_softcapping", "no_rope_layers", "attention_multiplier", "attention_chunk_size", "pruned_heads",
    ];

    private static readonly string[] s_mustBeFalse =
    [
        "is_encoder_decoder", "add_cross_attention", "use_parallel_residual", "parallel_attn", "alibi", "use_qk_norm", "qk_norm",
        "qk_layernorm",
        "rope_interleaved", "rope_interleave", "qkv_bias", "use_bias",
    ];

    private static readonly string[] s_mustBeZero =
        ["num_local_experts", "num_experts", "n_routed_experts", "chunk_size_feed_forward", "no_rope_layer_interval"];

    private static readonly string[] s_mustBeOne =
    [
        "pretraining_tp", "partial_rotary_factor", "rotary_pct", "logit_scale", "logits_scaling", "embedding_multiplier",
        "residual_multiplier",
    ];

    public static void Refuse(ConfigJson json)
    {
        if (json.String("hidden_act") is { } activation && activation is not ("silu" or "swish"))
        {
            throw new UnsupportedModelException(json.Path, "hidden_act", $"\"{activation}\"", "\"silu\"");
        }

        RefuseUnless(json, s_mustBeAbsent, IsEmpty, "null");
        RefuseUnless(json, s_mustBeFalse, value => value.ValueKind == JsonValueKind.False, "false");
        RefuseUnless(json, s_mustBeZero, value => IsNumber(value, 0), "0");
        RefuseUnless(json, s_mustBeOne, value => IsNumber(value, 1), "1");
        RefuseUnless(json, ["layer_types"], IsFullAttention, "\"full_attention\" in every layer");
        if (json.Find("use_sliding_window") is not { ValueKind: JsonValueKind.False })
        {
            RefuseUnless(json, ["sliding_window"], _ => false, "null");
        }
    }

    private static void RefuseUnless(ConfigJson json, string[] keys, Func<JsonElement, bool> meansNothing, string supported)
    {
        foreach (string key in keys)
        {
            if (json.Find(key) is { } value && !meansNothing(value))
            {
                throw new UnsupportedModelException(json.Path, key, ConfigJson.Describe(value), supported);
            }
        }
    }

    private static bool IsEmpty(JsonElement value) =>
        (value.ValueKind == JsonValueKind.Object && !value.EnumerateObject().Any())
        || (value.ValueKind == JsonValueKind.Array && value.GetArrayLength() == 0);

    private static bool IsNumber(JsonElement value, double number) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double found) && found == number;

    private static bool IsFullAttention(JsonElement value) => value.ValueKind == JsonValueKind.Array
        && value.EnumerateArray().All(layer => layer.ValueKind == JsonValueKind.String && layer.ValueEquals("full_attention"u8));
}
