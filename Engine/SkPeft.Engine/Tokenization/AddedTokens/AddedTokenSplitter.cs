using SkPeft.Engine.Tokenization.Unicode;

namespace SkPeft.Engine.Tokenization.AddedTokens;

/// <summary>A run of text between added tokens, or (where <paramref name="Token"/> is there) a token.</summary>
internal readonly record struct TextPart(int Start, int Length, AddedToken? Token);

/// <summary>Cuts a text at added tokens.</summary>
internal sealed class AddedTokenSplitter(TokenTrie trie)
{
    /// <summary>The parts of a text in order; blanks that a token swallows are in its part.</summary>
    /// <param name="text">Well-formed text.</param>
    /// <param name="isTouched">Whether a range of the text touches what a stranger wrote.</param>
    public List<TextPart> Split(ReadOnlySpan<char> text, Func<int, int, bool> isTouched)
    {
        List<TextPart> parts = [];
        int done = 0;
        bool IsAllowed(AddedToken token, int start, int end) => !token.Special || !isTouched(start, end);

        int from = trie.IsEmpty ? text.Length : 0;
        while (from < text.Length && trie.Find(text, from, IsAllowed, out int start, out int end) is { } token)
        {
            from = end;
            if (token.SingleWord && !IsSingleWord(text, start, end))
            {
                continue;
            }

            start = token.LeftStrip ? Math.Max(done, StripBefore(text, start)) : start;
            end = token.RightStrip ? StripBehind(text, end) : end;
            from = end;
            if (start > done)
            {
                parts.Add(new TextPart(done, start - done, null));
            }

            parts.Add(new TextPart(start, end - start, token));
            done = end;
        }

        if (done < text.Length)
        {
            parts.Add(new TextPart(done, text.Length - done, null));
        }

        return parts;
    }

    private static bool IsSingleWord(ReadOnlySpan<char> text, int start, int end) =>
        (start == 0 || !CharacterClasses.IsWord(CodePoints.Before(text, start, out _)))
        && (end == text.Length || !CharacterClasses.IsWord(CodePoints.At(text, end, out _)));

    private static int StripBefore(ReadOnlySpan<char> text, int start)
    {
        while (start > 0 && char.IsWhiteSpace(text[start - 1]))
        {
            start--;
        }

        return start;
    }

    private static int StripBehind(ReadOnlySpan<char> text, int end)
    {
        while (end < text.Length && char.IsWhiteSpace(text[end]))
        {
            end++;
        }

        return end;
    }
}
