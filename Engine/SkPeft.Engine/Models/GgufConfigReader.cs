using SkPeft.Tensors.Formats;

namespace SkPeft.Engine.Models;

/// <summary>Reads a LLaMA's configuration from GGUF metadata (keys: ggml, docs/gguf.md; meaning: llama.cpp's loader).</summary>
internal static class GgufConfigReader
{
    private const double DefaultTheta = 10000;

    public static LlamaConfig Read(GgufFile file)
    {
        GgufUnsupportedOptions.Refuse(file);
        ModelSizes sizes = ReadSizes(file);
        return new LlamaConfig
        {
            Sizes = sizes,
            RmsEpsilon = Positive(file, "llama.attention.layer_norm_rms_epsilon")
                ?? throw new FileFormatException(file.Path, "llama.attention.layer_norm_rms_epsilon", "no such metadata key",
                    "a finite number above 0"),
            RopeTheta = Positive(file, "llama.rope.freq_base") ?? DefaultTheta,
            RopeScaling = GgufRopeReader.Read(file, sizes.HeadDim),
            MaxPositions = Size(file, "llama.context_length", SizeLimits.Positions),
            BosTokenId = TokenId(file, "tokenizer.ggml.bos_token_id", sizes),
            EosTokenIds = [.. GgufEndTokens.Keys.Select(key => TokenId(file, key, sizes)).OfType<int>().Distinct()],
        };
    }

    /// <summary>A finite float above 0, or null where the key is absent.</summary>
    public static double? Positive(GgufFile file, string key)
    {
        if (file.Find(key) is not { } value)
        {
            return null;
        }

        double number = value.AsDouble();
        return double.IsFinite(number) && number > 0
            ? number
            : throw new FileFormatException(file.Path, key, $"{number}", "a finite number above 0");
    }

    private static ModelSizes ReadSizes(GgufFile file)
    {
        int hidden = Size(file, "llama.embedding_length", SizeLimits.Hidden);
        int heads = Size(file, "llama.attention.head_count", SizeLimits.Heads);
        int headDim = ReadHeadDim(file, hidden, heads);
        ModelSizes sizes = new()
        {
            Layers = Size(file, "llama.block_count", SizeLimits.Layers),
            HiddenSize = hidden,
            Heads = heads,
            KeyValueHeads = OptionalSize(file, "llama.attention.head_count_kv", SizeLimits.Heads) ?? heads,
            HeadDim = headDim,
            IntermediateSize = Size(file, "llama.feed_forward_length", SizeLimits.Intermediate),
            VocabularySize = ReadVocabulary(file),
            TiedEmbeddings = !file.Tensors.ContainsKey("output.weight"),
            AttentionBias = HasBias(file, "attn_q", "attn_k", "attn_v", "attn_output"),
            MlpBias = HasBias(file, "ffn_gate", "ffn_up", "ffn_down"),
        };
        return SizeLimits.Check(file.Path, sizes, "llama.attention.head_count_kv", "llama.attention.key_length");
    }

    private static int ReadHeadDim(GgufFile file, int hidden, int heads)
    {
        int? key = OptionalSize(file, "llama.attention.key_length", SizeLimits.HeadDim);
        if (key is null && hidden % heads != 0)
        {
            throw new FileFormatException(file.Path, "llama.attention.head_count", $"{heads}",
                $"a divisor of llama.embedding_length {hidden}, or an explicit llama.attention.key_length");
        }

        int headDim = key ?? hidden / heads;
        int values = OptionalSize(file, "llama.attention.value_length", SizeLimits.HeadDim) ?? (hidden % heads == 0 ? hidden / heads : headDim);
        if (values != headDim)
        {
            throw new UnsupportedModelException(file.Path, "llama.attention.value_length", $"{values}", $"{headDim}, the length of the keys");
        }

        int rotated = OptionalSize(file, "llama.rope.dimension_count", SizeLimits.HeadDim) ?? headDim;
        return rotated == headDim
            ? headDim
            : throw new UnsupportedModelException(file.Path, "llama.rope.dimension_count", $"{rotated}", $"{headDim}, the whole head");
    }

    private static int ReadVocabulary(GgufFile file)
    {
        if (!file.Tensors.TryGetValue("token_embd.weight", out StoredTensor? embedding) || embedding.Shape.Count != 2)
        {
            throw new FileFormatException(file.Path, "tensor 'token_embd.weight'", embedding is null ? "no such tensor" : $"{embedding}",
                "[vocabulary, hidden]");
        }

        long vocabulary = embedding.Shape[0];
        if (vocabulary is < 1 or > SizeLimits.Vocabulary)
        {
            throw new FileFormatException(file.Path, "tensor 'token_embd.weight'", $"{vocabulary} rows", $"1 to {SizeLimits.Vocabulary}");
        }

        long tokens = file.Find("tokenizer.ggml.tokens")?.Count ?? vocabulary;
        long stated = file.GetInt64("llama.vocab_size", vocabulary);
        if (tokens != vocabulary || stated != vocabulary)
        {
            throw new FileFormatException(file.Path, tokens != vocabulary ? "tokenizer.ggml.tokens" : "llama.vocab_size",
                $"{(tokens != vocabulary ? tokens : stated)} tokens", $"{vocabulary}, the rows of token_embd.weight");
        }

        return (int)vocabulary;
    }

    private static bool HasBias(GgufFile file, params string[] names) => names.Any(name => file.Tensors.ContainsKey($"blk.0.{name}.bias"));

    private static int? TokenId(GgufFile file, string key, ModelSizes sizes) => file.Find(key) is not { } value
        ? null
        : value.AsInt64() is >= 0 and long id && id < sizes.VocabularySize
            ? (int)id
            : throw new FileFormatException(file.Path, key, $"{value}", $"a token id of 0 to {sizes.VocabularySize - 1}");

    private static int? OptionalSize(GgufFile file, string key, int most) => file.Find(key) is null ? null : Size(file, key, most);

    // Some keys may be one number a layer; that is the same model only where all of them are equal.
    private static int Size(GgufFile file, string key, int most)
    {
        GgufValue value = file.Get(key);
        long[] sizes = value.Type == GgufValueType.Array && value.Count <= SizeLimits.Layers ? value.AsInt64Array() : [value.AsInt64()];
        if (sizes.Distinct().Count() > 1)
        {
            throw new UnsupportedModelException(file.Path, key, "another number in every layer", "one number for all layers");
        }

        return sizes.Length > 0 && sizes[0] >= 1 && sizes[0] <= most
            ? (int)sizes[0]
            : throw new FileFormatException(file.Path, key, sizes.Length == 0 ? "an empty array" : $"{sizes[0]}", $"an integer of 1 to {most}");
    }
}
