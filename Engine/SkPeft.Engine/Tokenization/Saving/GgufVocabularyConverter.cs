using SkPeft.Engine.Models;
using SkPeft.Engine.Tokenization.Loading;

namespace SkPeft.Engine.Tokenization.Saving;

/// <summary>
/// Turns a <c>tokenizer.json</c> with the files beside it into what a GGUF file says of a tokenizer, if that gives the same ids; else it
/// says what has no counterpart there.
/// </summary>
public static class GgufVocabularyConverter
{
    /// <summary>Converts.</summary>
    /// <param name="path">The file, or the folder that it lies in.</param>
    /// <param name="size">Rows of the model's embedding: ids beyond the tokenizer's get filler.</param>
    /// <exception cref="FileAccessException">A file is missing or may not be read.</exception>
    /// <exception cref="FileFormatException">A file is malformed, or has more tokens than the model.</exception>
    /// <exception cref="UnsupportedModelException">A tokenizer that a GGUF file cannot describe.</exception>
    /// <exception cref="InvalidOptionException">More than three tokens that end an answer.</exception>
    public static GgufVocabulary FromJsonFile(string path, int size) => TokenizerJsonReader.Read(path, (root, parts) =>
    {
        if (parts.Vocabulary.Size > size)
        {
            throw new FileFormatException(root.File, "vocabulary", $"{parts.Vocabulary.Size} tokens", $"at most {size}, the rows of the model's embedding");
        }

        GgufVocabulary vocabulary = parts.Options.ByteFallback ? SentencePiece(root, parts, size) : ByteLevel(root, parts, size);
        vocabulary = GgufEndTokens.AddTo(
            vocabulary with { Bos = parts.Names.Bos, AddBos = parts.Names.AddBos, ChatTemplate = parts.Names.ChatTemplate }, Ends(parts));

        // Whatever its readers would object to shall be said now, not when the file is opened.
        _ = TokenizerLoader.FromGguf(vocabulary);
        return vocabulary;
    });

    private static GgufVocabulary ByteLevel(JsonPart root, TokenizerParts parts, int size)
    {
        RequireDecoder(root, parts.Decoding.Bytes == Decoding.ByteMeaning.ByteLevel && parts.Decoding.Steps.Count == 0, "ByteLevel");
        RequireNoUnknown(root, parts);
        (string[] tokens, int[] types) = GgufAddedTokens.List(root.File, parts, size);
        return new GgufVocabulary(root.File, "gpt2", GgufPreparation.NameOf(root, parts.Options.IgnoreMerges), tokens)
        {
            TokenTypes = types,
            Merges = [.. parts.Merges.InOrder().Select(m => $"{parts.Vocabulary.TextOf(m.Left)} {parts.Vocabulary.TextOf(m.Right)}")],
            Unknown = parts.Options.Unknown,
        };
    }

    private static GgufVocabulary SentencePiece(JsonPart root, TokenizerParts parts, int size)
    {
        bool prefix = SentencePieceSpaces.HasPrefix(root);
        RequireDecoder(root, parts.Decoding is { Bytes: Decoding.ByteMeaning.Fallback, Steps.Count: 1 } && parts.Decoding.Strip.Start == (prefix ? 1 : 0),
            $"Sequence of Replace ▁ by a space, ByteFallback, Fuse{(prefix ? ", Strip of one space in front" : "")}");
        (string[] tokens, int[] types) = GgufAddedTokens.List(root.File, parts, size);
        GgufVocabulary vocabulary = new(root.File, "llama", "default", tokens)
        {
            Scores = SentencePieceScores.Of(parts.Merges, parts.Vocabulary, size),
            TokenTypes = types,
            Unknown = parts.Options.Unknown,
            AddSpacePrefix = prefix,
        };
        SentencePieceScores.Require(vocabulary, parts.Merges, parts.Vocabulary);
        return vocabulary;
    }

    private static void RequireDecoder(JsonPart root, bool fits, string supported)
    {
        if (!fits)
        {
            throw root["decoder"]?.Unsupported(supported) ?? new UnsupportedModelException(root.File, "decoder", "none", supported);
        }
    }

    // A byte without a token would be the unknown token here, and nothing in a GGUF file's tokenizer.
    private static void RequireNoUnknown(JsonPart root, TokenizerParts parts)
    {
        if (parts.Options.Unknown is not null && Unicode.ByteAlphabet.Characters.ToArray().Any(c => parts.Vocabulary.IdOf([c]) is null))
        {
            throw root.Need("model", "a BPE model").Need("unk_token", "a token").Unsupported("null, or a vocabulary with a token for every byte");
        }
    }

    // Tokens that end an answer by their conventional names need no key of their own.
    private static int[] Ends(TokenizerParts parts)
    {
        HashSet<int> special = [.. parts.AddedTokens.Where(t => t.Special).Select(t => t.Id)];
        IReadOnlySet<int> byName = EndOfGeneration.Of(parts.Vocabulary, special, []);
        IEnumerable<int> named = parts.Names.EndOfGeneration.Where(id => id != parts.Names.Eos && !byName.Contains(id));
        return [.. parts.Names.Eos is { } eos ? [eos] : Array.Empty<int>(), .. named];
    }
}
