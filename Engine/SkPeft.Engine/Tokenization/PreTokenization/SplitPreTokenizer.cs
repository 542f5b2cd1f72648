namespace SkPeft.Engine.Tokenization.PreTokenization;

/// <summary>Cuts pieces at matches, or between them where <c>invert</c> says so.</summary>
internal sealed class SplitPreTokenizer(IPieceFinder finder, SplitBehavior behavior, bool invert) : PreTokenizer
{
    public override void Apply(Pieces pieces) => pieces.Cut(CutOne);

    private void CutOne(Pieces pieces, (int Start, int Length) range)
    {
        ReadOnlySpan<char> text = pieces[range];
        if (behavior == SplitBehavior.Isolated)
        {
            int end = 0;
            long effort = 0;
            for (int from = 0; Next(text, ref from, end, ref effort, out int start, out int length); end = start + length)
            {
                pieces.Keep(range.Start + end, start - end);
                pieces.Keep(range.Start + start, length);
            }

            pieces.Keep(range.Start + end, range.Length - end);
            return;
        }

        foreach ((int start, int length) in Join(Parts(text)))
        {
            pieces.Keep(range.Start + start, length);
        }
    }

    /// <summary>The next match; after an empty one the search goes on a character further, and no match is empty right behind another.</summary>
    private bool Next(ReadOnlySpan<char> text, ref int from, int previousEnd, ref long effort, out int start, out int length)
    {
        start = length = 0;
        while (from <= text.Length && finder.TryFind(text, from, ref effort, out start, out length))
        {
            from = length > 0 ? start + length : start + (start < text.Length && char.IsHighSurrogate(text[start]) ? 2 : 1);
            if (length > 0 || start != previousEnd || start == 0)
            {
                return true;
            }
        }

        return false;
    }

    private List<(int Start, int Length, bool IsMatch)> Parts(ReadOnlySpan<char> text)
    {
        List<(int, int, bool)> parts = [];
        int end = 0;
        long effort = 0;
        for (int from = 0; Next(text, ref from, end, ref effort, out int start, out int length); end = start + length)
        {
            if (start > end)
            {
                parts.Add((end, start - end, invert));
            }

            parts.Add((start, length, !invert));
        }

        if (end < text.Length)
        {
            parts.Add((end, text.Length - end, invert));
        }

        return parts;
    }

    private List<(int Start, int Length)> Join(List<(int Start, int Length, bool IsMatch)> parts)
    {
        List<(int Start, int Length)> joined = [];
        bool previous = false;
        if (behavior == SplitBehavior.MergedWithNext)
        {
            parts.Reverse();
        }

        foreach ((int start, int length, bool isMatch) in parts)
        {
            bool merge = joined.Count > 0 && behavior switch
            {
                SplitBehavior.Contiguous => isMatch == previous,
                SplitBehavior.MergedWithPrevious or SplitBehavior.MergedWithNext => isMatch && !previous,
                _ => false,
            };
            if (merge)
            {
                (int lastStart, int lastLength) = joined[^1];
                joined[^1] = (Math.Min(lastStart, start), lastLength + length);
            }
            else if (behavior != SplitBehavior.Removed || !isMatch)
            {
                joined.Add((start, length));
            }

            previous = isMatch;
        }

        if (behavior == SplitBehavior.MergedWithNext)
        {
            joined.Reverse();
        }

        return joined;
    }
}
