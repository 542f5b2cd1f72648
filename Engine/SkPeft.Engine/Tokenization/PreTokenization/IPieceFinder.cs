using SkPeft.Engine.Tokenization.Unicode;

namespace SkPeft.Engine.Tokenization.PreTokenization;

/// <summary>Finds the next match in a piece.</summary>
internal interface IPieceFinder
{
    /// <summary>The first match that starts at <paramref name="from"/> or later; it may be empty.</summary>
    /// <param name="piece">The text.</param>
    /// <param name="from">Where to begin.</param>
    /// <param name="effort">Steps spent on this piece so far, for those who have a limit; 0 before the first search.</param>
    /// <param name="start">Where the match starts.</param>
    /// <param name="length">How long it is.</param>
    bool TryFind(ReadOnlySpan<char> piece, int from, ref long effort, out int start, out int length);
}

/// <summary>Single characters of a kind.</summary>
internal sealed class CharacterFinder(Func<int, bool> isMatch) : IPieceFinder
{
    public bool TryFind(ReadOnlySpan<char> piece, int from, ref long effort, out int start, out int length)
    {
        for (start = from; start < piece.Length; start += length)
        {
            if (isMatch(CodePoints.At(piece, start, out length)))
            {
                return true;
            }
        }

        length = 0;
        return false;
    }
}

/// <summary>A fixed text.</summary>
internal sealed class LiteralFinder(string literal) : IPieceFinder
{
    public bool TryFind(ReadOnlySpan<char> piece, int from, ref long effort, out int start, out int length)
    {
        length = literal.Length;
        int at = piece[from..].IndexOf(literal, StringComparison.Ordinal);
        start = from + at;
        return at >= 0;
    }
}
