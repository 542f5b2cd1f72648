using SkPeft.Engine.Tokenization.Bpe;

namespace SkPeft.Engine.Tokenization.Loading;

/// <summary>Reads <c>model</c> of tokenizer.json.</summary>
internal static class BpeModelReader
{
    public static void RefuseUnsupported(JsonPart model)
    {
        if (model["type"] is { } type && type.AsString() != "BPE")
        {
            throw type.Unsupported("\"BPE\"");
        }

        if (model["dropout"] is { } dropout && dropout.AsNumber() != 0)
        {
            throw dropout.Unsupported("no dropout");
        }

        foreach (string name in (string[])["continuing_subword_prefix", "end_of_word_suffix"])
        {
            if (model[name] is { } affix && affix.AsString().Length > 0)
            {
                throw affix.Unsupported("null");
            }
        }
    }

    public static VocabularyBuilder ReadVocabulary(JsonPart model)
    {
        VocabularyBuilder builder = new(model.File);
        foreach ((string token, JsonPart id) in model.Need("vocab", "tokens and their ids").Members())
        {
            builder.Add("model.vocab", token, id.AsInt(0, int.MaxValue - 1));
        }

        return builder;
    }

    public static BpeOptions ReadOptions(JsonPart model, Vocabulary vocabulary)
    {
        int? unknown = null;
        if (model["unk_token"] is { } token && token.AsString() is { Length: > 0 } text)
        {
            unknown = vocabulary.IdOf(text) ?? throw token.Wrong("a token of the vocabulary");
        }

        return new BpeOptions(unknown, Flag(model, "fuse_unk"), Flag(model, "byte_fallback"), Flag(model, "ignore_merges"));
    }

    /// <summary>Merges that make a special token are left out: ordinary text must not spell one.</summary>
    public static MergeTable ReadMerges(JsonPart model, Vocabulary vocabulary, IReadOnlySet<int> special)
    {
        MergeTable merges = new();
        int rank = 0;
        foreach (JsonPart merge in model.Need("merges", "a list of merges").Items())
        {
            if (ReadPair(merge) is not { } pair)
            {
                continue;
            }

            int left = IdOf(merge, vocabulary, pair.Left);
            int right = IdOf(merge, vocabulary, pair.Right);
            int result = IdOf(merge, vocabulary, pair.Left + pair.Right);
            if (!special.Contains(result))
            {
                merges.Set(left, right, rank, result);
            }

            rank++;
        }

        return merges;
    }

    private static (string Left, string Right)? ReadPair(JsonPart merge)
    {
        if (merge.IsArray)
        {
            string[] sides = [.. merge.Items().Select(s => s.AsString())];
            return sides.Length == 2 ? (sides[0], sides[1]) : throw merge.Wrong("a pair of tokens");
        }

        string text = merge.IsString ? merge.AsString() : throw merge.Wrong("a pair of tokens");
        if (text.StartsWith("#version", StringComparison.Ordinal))
        {
            return null;
        }

        string[] parts = text.Split(' ');
        return parts.Length == 2 ? (parts[0], parts[1]) : throw merge.Wrong("two tokens with one space between");
    }

    private static int IdOf(JsonPart merge, Vocabulary vocabulary, string token) => vocabulary.IdOf(token)
        ?? throw new FileFormatException(merge.File, merge.Path, $"{JsonPart.Quote(token)}, which is not in the vocabulary", "tokens of the vocabulary, whose union is one too");

    private static bool Flag(JsonPart model, string name) => model[name]?.AsBool() ?? false;
}
