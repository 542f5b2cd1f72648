namespace SkPeft.Engine.Sampling;

/// <summary>Finds stop strings in streamed text. What might still become a stop string is held back, so that no half of one is ever shown.</summary>
/// <param name="stops">The stop strings; empty ones are ignored.</param>
internal sealed class StopMatcher(IEnumerable<string> stops)
{
    private readonly string[] _stops = [.. stops.Where(s => s.Length > 0)];
    private string _held = "";

    /// <summary>True once a stop string was found.</summary>
    public bool Stopped { get; private set; }

    /// <summary>
    /// Takes more text and gives what may be shown now; nothing of the stop string itself, nothing after it. Where stop strings overlap, the
    /// one that is complete first counts (among those that end together the longest), however the text is cut into pieces.
    /// </summary>
    public string Push(string text)
    {
        if (Stopped)
        {
            return "";
        }

        _held += text;
        (int Start, int End)? first = null;
        foreach (string stop in _stops)
        {
            int at = _held.IndexOf(stop, StringComparison.Ordinal);
            int end = at + stop.Length;
            if (at >= 0 && (first is not { } best || end < best.End || (end == best.End && at < best.Start)))
            {
                first = (at, end);
            }
        }

        if (first is { } found)
        {
            Stopped = true;
            return Take(found.Start);
        }

        int keep = LongestOpenMatch();
        return Take(_held.Length - keep);
    }

    /// <summary>Gives what was held back, at the end of the text.</summary>
    public string Flush() => Stopped ? "" : Take(_held.Length);

    // The longest end of the held text that begins a stop string.
    private int LongestOpenMatch()
    {
        int longest = 0;
        foreach (string stop in _stops)
        {
            for (int length = Math.Min(stop.Length - 1, _held.Length); length > longest; length--)
            {
                if (_held.AsSpan(_held.Length - length).SequenceEqual(stop.AsSpan(0, length)))
                {
                    longest = length;
                    break;
                }
            }
        }

        return longest;
    }

    private string Take(int length)
    {
        string taken = _held[..length];
        _held = _held[length..];
        return taken;
    }
}
