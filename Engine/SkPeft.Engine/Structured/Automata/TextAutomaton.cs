namespace SkPeft.Engine.Structured.Automata;

/// <summary>A step of a <see cref="TextAutomaton"/>: any character from First to Last leads to Target.</summary>
internal readonly record struct TextArc(int First, int Last, int Target);

/// <summary>
/// A deterministic automaton over Unicode characters; state 0 is the start. Only states from which acceptance can be reached have arcs that
/// lead to them.
/// </summary>
internal sealed class TextAutomaton
{
    /// <summary>Most states: a pattern beyond would take seconds and gigabytes.</summary>
    public const int MaxStates = 4000;

    private readonly IReadOnlyList<IReadOnlyList<TextArc>> _arcs;
    private readonly IReadOnlyList<bool> _accepts;

    public TextAutomaton(IReadOnlyList<IReadOnlyList<TextArc>> arcs, IReadOnlyList<bool> accepts)
    {
        bool[] alive = Alive(arcs, accepts);
        _arcs = [.. arcs.Select(list => list.Where(a => alive[a.Target]).ToArray())];
        _accepts = accepts;
        IsEmpty = !alive[0];
    }

    /// <summary>Every text.</summary>
    public static TextAutomaton AnyText { get; } = new([[.. CharSet.All.Ranges.Select(r => new TextArc(r.First, r.Last, 0))]], [true]);

    /// <summary>True where no text is accepted.</summary>
    public bool IsEmpty { get; }

    public int States => _arcs.Count;

    /// <summary>The arcs of a state, in rising order; they do not overlap.</summary>
    public IReadOnlyList<TextArc> ArcsOf(int state) => _arcs[state];

    public bool IsAccepting(int state) => _accepts[state];

    public bool Accepts(string text)
    {
        int state = 0;
        foreach (System.Text.Rune rune in text.EnumerateRunes())
        {
            state = Next(state, rune.Value);
            if (state < 0)
            {
                return false;
            }
        }

        return _accepts[state];
    }

    /// <summary>The next state, or -1.</summary>
    public int Next(int state, int c)
    {
        foreach (TextArc arc in _arcs[state])
        {
            if (c >= arc.First && c <= arc.Last)
            {
                return arc.Target;
            }
        }

        return -1;
    }

    // Backwards from what accepts.
    private static bool[] Alive(IReadOnlyList<IReadOnlyList<TextArc>> arcs, IReadOnlyList<bool> accepts)
    {
        List<int>[] sources = [.. arcs.Select(_ => new List<int>())];
        for (int state = 0; state < arcs.Count; state++)
        {
            foreach (TextArc arc in arcs[state])
            {
                sources[arc.Target].Add(state);
            }
        }

        bool[] alive = [.. accepts];
        Stack<int> open = new(Enumerable.Range(0, alive.Length).Where(s => alive[s]));
        while (open.TryPop(out int state))
        {
            foreach (int source in sources[state].Where(s => !alive[s]))
            {
                alive[source] = true;
                open.Push(source);
            }
        }

        return alive;
    }
}
