namespace SkPeft.Engine.Tokenization.AddedTokens;

/// <summary>Which parts of a text a stranger wrote: sorted, apart from each other.</summary>
internal sealed class UntrustedSpans
{
    private readonly int[] _starts;
    private readonly int[] _ends;

    private UntrustedSpans(IEnumerable<(int Start, int End)> spans)
    {
        List<(int Start, int End)> joined = [];
        foreach ((int start, int end) in spans.Where(s => s.End > s.Start).OrderBy(s => s.Start))
        {
            if (joined.Count > 0 && start <= joined[^1].End)
            {
                joined[^1] = (joined[^1].Start, Math.Max(end, joined[^1].End));
            }
            else
            {
                joined.Add((start, end));
            }
        }

        _starts = [.. joined.Select(s => s.Start)];
        _ends = [.. joined.Select(s => s.End)];
    }

    public static UntrustedSpans None { get; } = new([]);

    public static UntrustedSpans Everything { get; } = new([(0, int.MaxValue)]);

    /// <exception cref="InvalidOptionException">A span lies outside the text.</exception>
    public static UntrustedSpans Of(IReadOnlyList<(int Start, int Length)> spans, int textLength)
    {
        foreach ((int start, int length) in spans)
        {
            if (start < 0 || length < 0 || start > textLength - length)
            {
                throw new InvalidOptionException("untrusted span", $"start {start}, length {length}", $"a span inside the text's {textLength} characters");
            }
        }

        return new UntrustedSpans(spans.Select(s => (s.Start, s.Start + s.Length)));
    }

    public bool Touches(int start, int end)
    {
        // The first span that ends behind the start is the only one that can matter.
        int at = Array.BinarySearch(_ends, start + 1);
        at = at < 0 ? ~at : at;
        return at < _starts.Length && _starts[at] < end;
    }
}
