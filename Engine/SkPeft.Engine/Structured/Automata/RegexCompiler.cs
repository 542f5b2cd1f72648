namespace SkPeft.Engine.Structured.Automata;

/// <summary>Makes a deterministic automaton of a regular expression: Thompson's construction, then sets of states.</summary>
internal sealed class RegexCompiler
{
    private const int MaxNodes = 50_000;

    private readonly List<List<(Move Kind, CharSet? Set, int Target)>> _nodes = [];

    private enum Move
    {
        Free,
        Character,
        AtBegin,
        AtEnd,
    }

    /// <summary>The texts that an expression describes as a whole.</summary>
    /// <exception cref="RegexException">It has too many states.</exception>
    public static TextAutomaton Whole(RegexNode node)
    {
        RegexCompiler compiler = new();
        int end = compiler.Add();
        return compiler.Determinise(compiler.Build(node, end), end);
    }

    /// <summary>The texts in which an expression is found somewhere, as JSON schema's <c>pattern</c> means it.</summary>
    /// <exception cref="RegexException">It has too many states.</exception>
    public static TextAutomaton Somewhere(RegexNode node)
    {
        RepeatNode anything = new(new SetNode(CharSet.All), 0, null);
        return Whole(RegexNode.Concat(anything, node, anything));
    }

    /// <exception cref="RegexException">There are too many states.</exception>
    public static void RequireRoom(int states)
    {
        if (states > TextAutomaton.MaxStates)
        {
            throw new RegexException($"an automaton of more than {TextAutomaton.MaxStates} states", "a pattern with fewer or smaller repetitions");
        }
    }

    private int Add()
    {
        if (_nodes.Count == MaxNodes)
        {
            throw new RegexException($"an expression of more than {MaxNodes} places", "a pattern with fewer or smaller repetitions");
        }

        _nodes.Add([]);
        return _nodes.Count - 1;
    }

    private int Add(Move kind, CharSet? set, int target)
    {
        int node = Add();
        _nodes[node].Add((kind, set, target));
        return node;
    }

    // Built from the end: gives the place where the node begins, given where it leads.
    private int Build(RegexNode node, int next) => node switch
    {
        SetNode set => Add(Move.Character, set.Set, next),
        BeginNode => Add(Move.AtBegin, null, next),
        EndNode => Add(Move.AtEnd, null, next),
        SequenceNode sequence => sequence.Items.Reverse().Aggregate(next, (after, item) => Build(item, after)),
        ChoiceNode choice => BuildChoice(choice, next),
        RepeatNode repeat => BuildRepeat(repeat, next),
        _ => throw new InvalidOperationException($"No construction for {node.GetType().Name}."),
    };

    private int BuildChoice(ChoiceNode choice, int next)
    {
        int node = Add();
        foreach (RegexNode item in choice.Items)
        {
            int start = Build(item, next);
            _nodes[node].Add((Move.Free, null, start));
        }

        return node;
    }

    private int BuildRepeat(RepeatNode repeat, int next)
    {
        int start = next;
        if (repeat.Max is { } max)
        {
            for (int i = repeat.Min; i < max; i++)
            {
                int optional = Build(repeat.Item, start);
                start = Add(Move.Free, null, optional);
                _nodes[start].Add((Move.Free, null, next));
            }
        }
        else
        {
            start = Add(Move.Free, null, next);
            int loop = Build(repeat.Item, start);
            _nodes[start].Add((Move.Free, null, loop));
        }

        for (int i = 0; i < repeat.Min; i++)
        {
            start = Build(repeat.Item, start);
        }

        return start;
    }

    private TextAutomaton Determinise(int start, int end)
    {
        Dictionary<string, int> numbers = new(StringComparer.Ordinal);
        List<int[]> states = [];
        List<bool> accepts = [];
        List<TextArc[]> arcs = [];
        Number([start], isBegin: true);
        for (int state = 0; state < states.Count; state++)
        {
            arcs.Add([.. Split(states[state]).Select(part => new TextArc(part.First, part.Last, Number(part.Targets, isBegin: false)))]);
        }

        return new TextAutomaton(arcs, accepts);

        int Number(IEnumerable<int> nodes, bool isBegin)
        {
            int[] closed = Close(nodes, isBegin, isEnd: false);
            string key = string.Join(',', closed);
            if (!numbers.TryGetValue(key, out int number) || isBegin)
            {
                number = states.Count;
                RequireRoom(number);
                states.Add(closed);
                accepts.Add(Close(nodes, isBegin, isEnd: true).Contains(end));

                // The first state may pass '^'; another with the same places may not end as it does.
                numbers[isBegin ? "begin" : key] = number;
            }

            return number;
        }
    }

    private int[] Close(IEnumerable<int> nodes, bool isBegin, bool isEnd)
    {
        HashSet<int> closed = [.. nodes];
        Stack<int> open = new(closed);
        while (open.TryPop(out int node))
        {
            foreach ((Move kind, _, int target) in _nodes[node])
            {
                bool passes = kind == Move.Free || (kind == Move.AtBegin && isBegin) || (kind == Move.AtEnd && isEnd);
                if (passes && closed.Add(target))
                {
                    open.Push(target);
                }
            }
        }

        return [.. closed.Order()];
    }

    // Cuts the characters that lead on from a set of places into ranges of equal targets.
    private IEnumerable<(int First, int Last, int[] Targets)> Split(int[] nodes)
    {
        List<(int First, int Last, int Target)> ranges =
        [
            .. from node in nodes
               from move in _nodes[node]
               where move.Kind == Move.Character
               from range in move.Set!.Ranges
               select (range.First, range.Last, move.Target),
        ];
        int[] cuts = [.. ranges.SelectMany(r => (int[])[r.First, r.Last + 1]).Distinct().Order()];
        for (int i = 0; i + 1 < cuts.Length; i++)
        {
            int[] targets = [.. ranges.Where(r => r.First <= cuts[i] && r.Last >= cuts[i + 1] - 1).Select(r => r.Target).Distinct().Order()];
            if (targets.Length > 0)
            {
                yield return (cuts[i], cuts[i + 1] - 1, targets);
            }
        }
    }
}
