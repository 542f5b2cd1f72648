namespace SkPeft.Engine.Structured.Automata;

/// <summary>Automata made of automata.</summary>
internal static class TextAlgebra
{
    /// <summary>What both accept.</summary>
    /// <exception cref="RegexException">The result has too many states.</exception>
    public static TextAutomaton Both(TextAutomaton a, TextAutomaton b) =>
        ReferenceEquals(a, b) || b == TextAutomaton.AnyText ? a
        : a == TextAutomaton.AnyText ? b
        : Product((0, 0), s => a.IsAccepting(s.Item1) && b.IsAccepting(s.Item2), s => Overlaps(a.ArcsOf(s.Item1), b.ArcsOf(s.Item2)));

    /// <summary>What <paramref name="a"/> accepts and has <paramref name="min"/> to <paramref name="max"/> characters.</summary>
    /// <exception cref="RegexException">The result has too many states.</exception>
    public static TextAutomaton WithLength(TextAutomaton a, int min, int? max)
    {
        if (min == 0 && max is null)
        {
            return a;
        }

        // Where there is no end, lengths beyond the least are one.
        int last = max ?? min;
        return Product((State: 0, Length: 0), s => a.IsAccepting(s.State) && s.Length >= min, s =>
            s.Length == last && max is not null ? [] : a.ArcsOf(s.State).Select(arc => (arc.First, arc.Last, (arc.Target, Math.Min(s.Length + 1, last)))));
    }

    /// <summary>These texts and no others.</summary>
    public static TextAutomaton OneOf(IEnumerable<string> texts)
    {
        (List<SortedDictionary<int, int>> trie, HashSet<int> ends) = Trie(texts);
        return new TextAutomaton(
            [.. trie.Select(edges => edges.Select(e => new TextArc(e.Key, e.Key, e.Value)).ToArray())], [.. Enumerable.Range(0, trie.Count).Select(ends.Contains)]);
    }

    /// <summary>Every text but these.</summary>
    public static TextAutomaton AllBut(IEnumerable<string> texts)
    {
        (List<SortedDictionary<int, int>> trie, HashSet<int> ends) = Trie(texts);
        int free = trie.Count;
        TextArc[] anywhere = [.. CharSet.All.Ranges.Select(r => new TextArc(r.First, r.Last, free))];
        return new TextAutomaton(
            [.. trie.Select(edges => OneEach(edges, free)), anywhere],
            [.. Enumerable.Range(0, free).Select(node => !ends.Contains(node)), true]);
    }

    private static (List<SortedDictionary<int, int>> Nodes, HashSet<int> Ends) Trie(IEnumerable<string> texts)
    {
        List<SortedDictionary<int, int>> trie = [[]];
        HashSet<int> ends = [];
        foreach (string text in texts)
        {
            int node = 0;
            foreach (System.Text.Rune rune in text.EnumerateRunes())
            {
                if (!trie[node].TryGetValue(rune.Value, out int next))
                {
                    next = trie.Count;
                    trie.Add([]);
                    trie[node].Add(rune.Value, next);
                }

                node = next;
            }

            ends.Add(node);
        }

        return (trie, ends);
    }

    private static TextArc[] OneEach(SortedDictionary<int, int> edges, int others) =>
    [
        .. edges.Select(e => new TextArc(e.Key, e.Key, e.Value))
            .Concat(CharSet.Of(edges.Keys.Select(c => (c, c))).Complement().Ranges.Select(r => new TextArc(r.First, r.Last, others)))
            .OrderBy(arc => arc.First),
    ];

    private static IEnumerable<(int First, int Last, (int, int) Target)> Overlaps(IReadOnlyList<TextArc> a, IReadOnlyList<TextArc> b)
    {
        for (int i = 0, j = 0; i < a.Count && j < b.Count;)
        {
            int first = Math.Max(a[i].First, b[j].First), last = Math.Min(a[i].Last, b[j].Last);
            if (first <= last)
            {
                yield return (first, last, (a[i].Target, b[j].Target));
            }

            (i, j) = a[i].Last < b[j].Last ? (i + 1, j) : (i, j + 1);
        }
    }

    private static TextAutomaton Product<T>(T start, Func<T, bool> accepts, Func<T, IEnumerable<(int First, int Last, T Target)>> arcs)
        where T : notnull
    {
        Dictionary<T, int> numbers = new() { [start] = 0 };
        List<T> states = [start];
        List<TextArc[]> all = [];
        for (int state = 0; state < states.Count; state++)
        {
            List<TextArc> list = [];
            foreach ((int first, int last, T target) in arcs(states[state]))
            {
                if (!numbers.TryGetValue(target, out int number))
                {
                    number = states.Count;
                    numbers.Add(target, number);
                    states.Add(target);
                    RegexCompiler.RequireRoom(number);
                }

                list.Add(new TextArc(first, last, number));
            }

            all.Add([.. list]);
        }

        return new TextAutomaton(all, [.. states.Select(accepts)]);
    }
}
