using System.Text.Json;

namespace SkPeft.Engine.Models.Saving;

/// <summary>A LLaMA's <c>config.json</c>: what <see cref="HfConfigReader"/> reads, and the other way.</summary>
internal static class HfConfigText
{
    private static readonly JsonWriterOptions s_options = new() { Indented = true };

    /// <exception cref="InvalidOptionException">A rotary scaling that it cannot say.</exception>
    public static byte[] Of(LlamaConfig config)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter json = new(stream, s_options))
        {
            json.WriteStartObject();
            json.WriteStartArray("architectures");
            json.WriteStringValue("LlamaForCausalLM");
            json.WriteEndArray();
            json.WriteString("model_type", "llama");
            json.WriteString("hidden_act", "silu");
            WriteSizes(json, config.Sizes);
            json.WriteNumber("max_position_embeddings", config.MaxPositions);
            json.WriteNumber("rms_norm_eps", config.RmsEpsilon);
            json.WriteNumber("rope_theta", config.RopeTheta);
            WriteScaling(json, config.RopeScaling);
            WriteIds(json, config);
            json.WriteString("torch_dtype", config.StoredType ?? "float32");
            json.WriteEndObject();
        }

        stream.WriteByte((byte)'\n');
        return stream.ToArray();
    }

    private static void WriteSizes(Utf8JsonWriter json, ModelSizes sizes)
    {
        json.WriteNumber("hidden_size", sizes.HiddenSize);
        json.WriteNumber("intermediate_size", sizes.IntermediateSize);
        json.WriteNumber("num_hidden_layers", sizes.Layers);
        json.WriteNumber("num_attention_heads", sizes.Heads);
        json.WriteNumber("num_key_value_heads", sizes.KeyValueHeads);
        json.WriteNumber("head_dim", sizes.HeadDim);
        json.WriteNumber("vocab_size", sizes.VocabularySize);
        json.WriteBoolean("tie_word_embeddings", sizes.TiedEmbeddings);
        json.WriteBoolean("attention_bias", sizes.AttentionBias);
        json.WriteBoolean("mlp_bias", sizes.MlpBias);
    }

    private static void WriteScaling(Utf8JsonWriter json, RopeScaling? scaling)
    {
        if (scaling is null)
        {
            json.WriteNull("rope_scaling");
            return;
        }

        json.WriteStartObject("rope_scaling");
        switch (scaling)
        {
            case LinearRopeScaling linear:
                json.WriteString("rope_type", "linear");
                json.WriteNumber("factor", linear.Factor);
                break;
            case Llama3RopeScaling llama3:
                json.WriteString("rope_type", "llama3");
                json.WriteNumber("factor", llama3.Factor);
                json.WriteNumber("low_freq_factor", llama3.LowFrequencyFactor);
                json.WriteNumber("high_freq_factor", llama3.HighFrequencyFactor);
                json.WriteNumber("original_max_position_embeddings", llama3.OriginalMaxPositions);
                break;
            default:
                throw new InvalidOptionException("rotary scaling", scaling.GetType().Name, "none, linear or llama3, which config.json can say");
        }

        json.WriteEndObject();
    }

    private static void WriteIds(Utf8JsonWriter json, LlamaConfig config)
    {
        // Absent would mean LlamaConfig's own defaults.
        if (config.BosTokenId is { } bos)
        {
            json.WriteNumber("bos_token_id", bos);
        }
        else
        {
            json.WriteNull("bos_token_id");
        }

        switch (config.EosTokenIds)
        {
            case []:
                json.WriteNull("eos_token_id");
                break;
            case [int one]:
                json.WriteNumber("eos_token_id", one);
                break;
            case { } several:
                json.WritePropertyName("eos_token_id");
                JsonSerializer.Serialize(json, several);
                break;
        }
    }
}
