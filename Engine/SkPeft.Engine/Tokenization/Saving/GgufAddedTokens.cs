using System.Globalization;
using SkPeft.Engine.Tokenization.AddedTokens;
using SkPeft.Engine.Tokenization.Loading;
using SkPeft.Engine.Tokenization.Unicode;

namespace SkPeft.Engine.Tokenization.Saving;

/// <summary>Tokens and their types as a GGUF file lists them: one for every row of the embedding.</summary>
internal static class GgufAddedTokens
{
    /// <exception cref="UnsupportedModelException">An added token that swallows blanks or matches whole words only.</exception>
    public static (string[] Tokens, int[] Types) List(string file, TokenizerParts parts, int size)
    {
        (string[] tokens, int[] types) = (new string[size], new int[size]);
        for (int id = 0; id < size; id++)
        {
            string? text = parts.Vocabulary.TextOf(id);
            tokens[id] = text ?? GgufFiller.Spelling(id);
            types[id] = text is null ? GgufTokenType.Unused
                : parts.Options.ByteFallback && ByteAlphabet.TryParseFallback(text, out _) ? GgufTokenType.Byte
                : GgufTokenType.Normal;
        }

        foreach (AddedToken token in parts.AddedTokens)
        {
            Require(file, token, token.LeftStrip, "lstrip");
            Require(file, token, token.RightStrip, "rstrip");
            Require(file, token, token.SingleWord, "single_word");
            types[token.Id] = !token.Special ? GgufTokenType.UserDefined
                : token.Id == parts.Options.Unknown ? GgufTokenType.Unknown
                : GgufTokenType.Control;
        }

        return (tokens, types);
    }

    private static void Require(string file, AddedToken token, bool flag, string name)
    {
        if (flag)
        {
            string field = string.Create(CultureInfo.InvariantCulture, $"added_tokens {name} of {JsonPart.Quote(token.Content)} (id {token.Id})");
            throw new UnsupportedModelException(file, field, "true", "false: a GGUF file has no word for it");
        }
    }
}
