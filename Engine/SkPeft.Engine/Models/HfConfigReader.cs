using System.Text.Json;

namespace SkPeft.Engine.Models;

/// <summary>Reads <c>config.json</c>. Defaults are those of transformers' LlamaConfig.</summary>
internal static class HfConfigReader
{
    private const int DefaultMaxPositions = 2048;
    private const double DefaultRmsEpsilon = 1e-6;

    public static LlamaConfig Read(ConfigJson json)
    {
        HfArchitecture.Require(json);
        HfUnsupportedOptions.Refuse(json);
        ModelSizes sizes = ReadSizes(json);
        int maxPositions = json.Integer("max_position_embeddings", 1, SizeLimits.Positions) ?? DefaultMaxPositions;
        (double theta, RopeScaling? scaling) = HfRopeReader.Read(json);
        return new LlamaConfig
        {
            Sizes = sizes,
            RmsEpsilon = json.Positive("rms_norm_eps") ?? DefaultRmsEpsilon,
            RopeTheta = theta,
            RopeScaling = scaling,
            MaxPositions = maxPositions,
            StoredType = json.String("dtype") ?? json.String("torch_dtype"),
            BosTokenId = ReadBos(json, sizes),
            EosTokenIds = ReadEos(json, sizes) ?? (json.IsExplicitNull("eos_token_id") ? [] : Default(2, sizes)),
        };
    }

    /// <summary>The ids under <c>eos_token_id</c>, one or a list; null where there are none.</summary>
    public static int[]? ReadEos(ConfigJson json, ModelSizes sizes)
    {
        int Id(JsonElement id) => json.Integer("eos_token_id", id, 0, sizes.VocabularySize - 1);
        return json.Find("eos_token_id") switch
        {
            null => null,
            { ValueKind: JsonValueKind.Array } list => [.. list.EnumerateArray().Select(Id).Distinct()],
            { } id => [Id(id)],
        };
    }

    private static int? ReadBos(ConfigJson json, ModelSizes sizes)
    {
        if (json.IsExplicitNull("bos_token_id"))
        {
            return null;
        }

        return json.Integer("bos_token_id", 0, sizes.VocabularySize - 1) ?? (Default(1, sizes) is [int id] ? id : null);
    }

    // LlamaConfig's own default, where the vocabulary has it.
    private static int[] Default(int id, ModelSizes sizes) => id < sizes.VocabularySize ? [id] : [];

    private static ModelSizes ReadSizes(ConfigJson json)
    {
        int hidden = json.Size("hidden_size", SizeLimits.Hidden);
        int heads = json.Size("num_attention_heads", SizeLimits.Heads);
        int? headDim = json.Integer("head_dim", 1, SizeLimits.HeadDim);
        if (headDim is null && hidden % heads != 0)
        {
            throw new FileFormatException(json.Path, "num_attention_heads", $"{heads}",
                $"a divisor of hidden_size {hidden}, or an explicit head_dim");
        }

        ModelSizes sizes = new()
        {
            Layers = json.Size("num_hidden_layers", SizeLimits.Layers),
            HiddenSize = hidden,
            Heads = heads,
            KeyValueHeads = json.Integer("num_key_value_heads", 1, SizeLimits.Heads) ?? heads,
            HeadDim = headDim ?? hidden / heads,
            IntermediateSize = json.Size("intermediate_size", SizeLimits.Intermediate),
            VocabularySize = json.Size("vocab_size", SizeLimits.Vocabulary),
            TiedEmbeddings = json.Bool("tie_word_embeddings", false),
            AttentionBias = json.Bool("attention_bias", false),
            MlpBias = json.Bool("mlp_bias", false),
        };
        return SizeLimits.Check(json.Path, sizes, "num_key_value_heads", "head_dim");
    }
}
