using System.Globalization;
using SkPeft.Engine.Tokenization.AddedTokens;
using SkPeft.Engine.Tokenization.Bpe;

namespace SkPeft.Engine.Tokenization.Loading;

/// <summary>Builds tokenizers from GGUF metadata.</summary>
internal static class GgufTokenizerBuilder
{
    public static ITokenizer Build(GgufVocabulary source)
    {
        if (source.Model is not ("gpt2" or "llama"))
        {
            throw new UnsupportedModelException(source.Source, "tokenizer.ggml.model", source.Model, "gpt2 (byte-level BPE), llama (SentencePiece BPE)");
        }

        Vocabulary vocabulary = ReadVocabulary(source);
        List<AddedToken> added = ReadAddedTokens(source);
        HashSet<int> special = [.. added.Where(t => t.Special).Select(t => t.Id)];
        GgufScheme scheme = source.Model == "llama" ? GgufScheme.SentencePiece(source) : GgufScheme.ByteLevel(source);
        BpeOptions options = new(
            source.Model == "llama" ? Id(source, source.Unknown, "unknown_token_id") ?? IdOfType(source, GgufTokenType.Unknown) : null,
            FuseUnknown: true,
            ByteFallback: source.Model == "llama",
            scheme.IgnoreMerges);
        Coverage.Check(source.Source, vocabulary, options, isByteLevel: source.Model == "gpt2");
        return new BpeTokenizer(new TokenizerParts(
            vocabulary,
            source.Model == "llama" ? ScoreMerges.Read(source, vocabulary) : ReadMerges(source, vocabulary, special),
            options,
            added,
            scheme.Normalizer,
            scheme.PreTokenizer,
            scheme.Decoding,
            ReadNames(source, vocabulary, special, scheme),
            $"gguf {source.Model} {scheme.Name}"));
    }

    private static Vocabulary ReadVocabulary(GgufVocabulary source)
    {
        Expect(source, "token_type", source.TokenTypes?.Count);
        Expect(source, "scores", source.Scores?.Count);
        VocabularyBuilder builder = new(source.Source);
        for (int id = 0; id < source.Tokens.Count; id++)
        {
            if (source.Tokens[id].Length > 0)
            {
                builder.Add("tokenizer.ggml.tokens", source.Tokens[id], id);
            }
            else
            {
                builder.AddBlank(id);
            }
        }

        return builder.Build();
    }

    private static List<AddedToken> ReadAddedTokens(GgufVocabulary source)
    {
        List<AddedToken> added = [];
        for (int id = 0; id < source.TokenTypes?.Count; id++)
        {
            int type = source.TokenTypes[id];
            string text = source.Tokens[id];
            if (type is < GgufTokenType.Undefined or > GgufTokenType.Byte)
            {
                throw new FileFormatException(source.Source, $"tokenizer.ggml.token_type[{id}]", Number(type), "1 to 6");
            }

            if (type is not (GgufTokenType.Unknown or GgufTokenType.Control or GgufTokenType.UserDefined) || text.Length == 0)
            {
                continue;
            }

            if (text.Length > AddedTokenReader.MaximumLength)
            {
                throw new FileFormatException(
                    source.Source, $"tokenizer.ggml.tokens[{id}]", $"{text.Length} characters", $"at most {AddedTokenReader.MaximumLength} in a special token");
            }

            bool special = type != GgufTokenType.UserDefined;
            added.Add(new AddedToken(id, special || source.Model == "gpt2" ? text : text.Replace('▁', ' '), special));
        }

        return added;
    }

    /// <summary>Merges that make a special token are left out: ordinary text must not spell one.</summary>
    private static MergeTable ReadMerges(GgufVocabulary source, Vocabulary vocabulary, HashSet<int> special)
    {
        if (source.Merges is not { } lines)
        {
            throw new FileFormatException(source.Source, "tokenizer.ggml.merges", "nothing", "the merges of a gpt2 tokenizer");
        }

        MergeTable merges = new(lines.Count);
        for (int rank = 0; rank < lines.Count; rank++)
        {
            int space = lines[rank].IndexOf(' ', Math.Min(1, lines[rank].Length));
            string left = space < 0 ? "" : lines[rank][..space];
            string right = space < 0 ? "" : lines[rank][(space + 1)..];
            if (vocabulary.IdOf(left) is not { } first || vocabulary.IdOf(right) is not { } second || vocabulary.IdOf(left + right) is not { } result)
            {
                throw new FileFormatException(
                    source.Source, $"tokenizer.ggml.merges[{rank}]", JsonPart.Quote(lines[rank]), "two tokens with a space between, whose union is a token too");
            }

            if (!special.Contains(result))
            {
                merges.Set(first, second, rank, result);
            }
        }

        return merges;
    }

    private static TokenNames ReadNames(GgufVocabulary source, Vocabulary vocabulary, HashSet<int> special, GgufScheme scheme)
    {
        int? eos = Id(source, source.Eos, "eos_token_id");
        int? eot = Id(source, source.Eot, "eot_token_id");
        int? eom = Id(source, source.Eom, "eom_token_id");
        return new TokenNames(
            Id(source, source.Bos, "bos_token_id"),
            eos,
            source.AddBos ?? scheme.AddsBos,
            EndOfGeneration.Of(vocabulary, special, new[] { eos, eot, eom }.OfType<int>()),
            source.ChatTemplate);
    }

    private static int? Id(GgufVocabulary source, long? id, string name) => id is null || (id >= 0 && id < source.Tokens.Count)
        ? (int?)id
        : throw new FileFormatException(
            source.Source, $"tokenizer.ggml.{name}", id.Value.ToString(CultureInfo.InvariantCulture), $"an id below {source.Tokens.Count}, the number of tokens");

    private static int? IdOfType(GgufVocabulary source, int type)
    {
        for (int id = 0; id < source.TokenTypes?.Count; id++)
        {
            if (source.TokenTypes[id] == type)
            {
                return id;
            }
        }

        return null;
    }

    private static void Expect(GgufVocabulary source, string name, int? count)
    {
        if (count is { } found && found != source.Tokens.Count)
        {
            throw new FileFormatException(source.Source, $"tokenizer.ggml.{name}", $"{found} entries", $"{source.Tokens.Count}, as many as tokens");
        }
    }

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
