using System.Globalization;
using SkPeft.Engine.Tokenization.AddedTokens;

namespace SkPeft.Engine.Tokenization.Loading;

/// <summary>Reads <c>added_tokens</c> of tokenizer.json and completes the vocabulary with them.</summary>
internal static class AddedTokenReader
{
    /// <summary>Matching costs up to this many steps a character.</summary>
    public const int MaximumLength = 4096;

    public static List<AddedToken> Read(JsonPart tokens, VocabularyBuilder vocabulary)
    {
        List<AddedToken> added = [];
        HashSet<string> seen = new(StringComparer.Ordinal);
        foreach (JsonPart part in tokens.Items())
        {
            AddedToken token = ReadOne(part);
            if (token.Content.Length == 0)
            {
                continue;
            }

            if (token.Content.Length > MaximumLength)
            {
                throw new FileFormatException(part.File, $"{part.Path}.content", $"{token.Content.Length} characters", $"at most {MaximumLength}");
            }

            if (!seen.Add(token.Content))
            {
                throw new FileFormatException(part.File, $"{part.Path}.content", $"{JsonPart.Quote(token.Content)} twice", "each token once");
            }

            if (vocabulary.IdOf(token.Content) is not { } known)
            {
                vocabulary.Add($"{part.Path}.id", token.Content, token.Id);
            }
            else if (known != token.Id)
            {
                string found = token.Id.ToString(CultureInfo.InvariantCulture);
                throw new FileFormatException(part.File, $"{part.Path}.id", found, $"{known}, the id of {JsonPart.Quote(token.Content)} in model.vocab");
            }

            added.Add(token);
        }

        return added;
    }

    private static AddedToken ReadOne(JsonPart part)
    {
        bool special = Flag(part, "special", false);
        return new AddedToken(
            part.Need("id", "the token's id").AsInt(0, int.MaxValue - 1),
            part.Need("content", "the token's text").AsString(),
            special,
            Flag(part, "normalized", !special),
            Flag(part, "single_word", false),
            Flag(part, "lstrip", false),
            Flag(part, "rstrip", false));
    }

    private static bool Flag(JsonPart part, string name, bool otherwise) => part[name]?.AsBool() ?? otherwise;
}
