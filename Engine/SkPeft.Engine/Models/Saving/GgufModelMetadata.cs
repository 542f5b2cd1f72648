using SkPeft.Engine.Tokenization;
using SkPeft.Engine.Tokenization.Saving;
using SkPeft.Tensors.Formats;

namespace SkPeft.Engine.Models.Saving;

/// <summary>A LLaMA's metadata under the keys of llama.cpp's converter.</summary>
internal static class GgufModelMetadata
{
    private const uint QuantizationVersion = 2; // of ggml's block layouts

    public static GgufMetadata Of(LlamaConfig config, GgufRope rope, GgufModelOptions options)
    {
        GgufMetadata metadata = new GgufMetadata().Add("general.architecture", "llama").Add("general.type", "model");
        if (options.Name is { Length: > 0 } name)
        {
            metadata.Add("general.name", name);
        }

        AddSizes(metadata, config);
        AddRope(metadata, config, rope);
        metadata.Add("general.file_type", GgufTensorTypes.FileTypes[options.Type]).Add("general.quantization_version", QuantizationVersion);
        if (options.Vocabulary is { } vocabulary)
        {
            GgufVocabularyWriter.AddTo(metadata, vocabulary);
        }
        else
        {
            AddEnds(metadata.Add("tokenizer.ggml.model", ModelTokenizer.NoVocabulary), config);
        }

        return metadata;
    }

    private static void AddSizes(GgufMetadata metadata, LlamaConfig config)
    {
        ModelSizes sizes = config.Sizes;
        metadata.Add("llama.vocab_size", (uint)sizes.VocabularySize)
            .Add("llama.context_length", (uint)config.MaxPositions)
            .Add("llama.embedding_length", (uint)sizes.HiddenSize)
            .Add("llama.block_count", (uint)sizes.Layers)
            .Add("llama.feed_forward_length", (uint)sizes.IntermediateSize)
            .Add("llama.attention.head_count", (uint)sizes.Heads)
            .Add("llama.attention.head_count_kv", (uint)sizes.KeyValueHeads)
            .Add("llama.attention.layer_norm_rms_epsilon", (float)config.RmsEpsilon);
        if (sizes.HeadDim * sizes.Heads != sizes.HiddenSize)
        {
            metadata.Add("llama.attention.key_length", (uint)sizes.HeadDim).Add("llama.attention.value_length", (uint)sizes.HeadDim);
        }
    }

    private static void AddRope(GgufMetadata metadata, LlamaConfig config, GgufRope rope)
    {
        metadata.Add("llama.rope.dimension_count", (uint)config.Sizes.HeadDim).Add("llama.rope.freq_base", (float)config.RopeTheta);
        if (rope.Factor is { } factor)
        {
            metadata.Add("llama.rope.scaling.type", "linear").Add("llama.rope.scaling.factor", factor);
        }
    }

    // Without a vocabulary the ids that mean something are all that is known of it.
    private static void AddEnds(GgufMetadata metadata, LlamaConfig config)
    {
        if (config.BosTokenId is { } bos)
        {
            metadata.Add("tokenizer.ggml.bos_token_id", (uint)bos);
        }

        foreach ((string key, int id) in GgufEndTokens.Assign(config.EosTokenIds))
        {
            metadata.Add(key, (uint)id);
        }
    }
}
