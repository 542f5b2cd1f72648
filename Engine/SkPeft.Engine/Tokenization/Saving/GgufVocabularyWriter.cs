using SkPeft.Tensors.Formats;

namespace SkPeft.Engine.Tokenization.Saving;

/// <summary>Puts a tokenizer into the metadata of a GGUF file: the other way of <see cref="Loading.GgufVocabularyReader"/>.</summary>
internal static class GgufVocabularyWriter
{
    private const string Prefix = "tokenizer.ggml.";

    public static void AddTo(GgufMetadata metadata, GgufVocabulary vocabulary)
    {
        metadata.Add(Prefix + "model", vocabulary.Model);
        if (vocabulary.Pre is { } pre)
        {
            metadata.Add(Prefix + "pre", pre);
        }

        metadata.AddArray(Prefix + "tokens", vocabulary.Tokens);
        if (vocabulary.Scores is { } scores)
        {
            metadata.AddArray<float>(Prefix + "scores", [.. scores]);
        }

        if (vocabulary.TokenTypes is { } types)
        {
            metadata.AddArray<int>(Prefix + "token_type", [.. types]);
        }

        if (vocabulary.Merges is { } merges)
        {
            metadata.AddArray(Prefix + "merges", merges);
        }

        AddId(metadata, "bos_token_id", vocabulary.Bos);
        AddId(metadata, "eos_token_id", vocabulary.Eos);
        AddId(metadata, "eot_token_id", vocabulary.Eot);
        AddId(metadata, "eom_token_id", vocabulary.Eom);
        AddId(metadata, "unknown_token_id", vocabulary.Unknown);
        AddFlag(metadata, "add_bos_token", vocabulary.AddBos);
        AddFlag(metadata, "add_space_prefix", vocabulary.AddSpacePrefix);
        if (vocabulary.ChatTemplate is { } template)
        {
            metadata.Add("tokenizer.chat_template", template);
        }
    }

    private static void AddId(GgufMetadata metadata, string key, long? id)
    {
        if (id is { } value)
        {
            metadata.Add(Prefix + key, (uint)value);
        }
    }

    private static void AddFlag(GgufMetadata metadata, string key, bool? flag)
    {
        if (flag is { } value)
        {
            metadata.Add(Prefix + key, value);
        }
    }
}
