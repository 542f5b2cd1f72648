using SkPeft.Engine.Structured.Vocabulary;

namespace SkPeft.Engine.Structured.Grammars;

/// <summary>Walks the vocabulary with an automaton. Not for several threads: it keeps the states along the path.</summary>
internal sealed class TrieWalk(VocabularyTrie trie)
{
    private readonly Stack<int[]> _spare = [];

    public VocabularyTrie Trie => trie;

    /// <summary>All tokens that go on from a state.</summary>
    public TerminalMask MaskOf(Terminal terminal, int state)
    {
        TokenSet within = new(trie.Vocabulary);
        List<int> exits = [];
        Below(0, terminal, state, within, exits);
        return new TerminalMask(within, [.. exits]);
    }

    /// <summary>Adds the tokens below a node at which a cursor begins, and those of what follows it.</summary>
    private void AddBelow(int node, Cursor cursor, TokenSet to)
    {
        List<int> exits = [];
        Below(node, cursor.Terminal, cursor.State, to, exits);
        AddBelow(exits, cursor.After, to);
    }

    /// <summary>Adds the tokens below nodes at which a frame takes over.</summary>
    public void AddBelow(IReadOnlyList<int> exits, Frame after, TokenSet to)
    {
        // Many terminals end anywhere, and mostly nothing follows them.
        foreach (Cursor next in exits.Count == 0 ? [] : after.TextSuccessors)
        {
            foreach (int exit in exits)
            {
                AddBelow(exit, next, to);
            }
        }
    }

    /// <summary>Visits every node below one that an automaton reaches, with the state in which it does.</summary>
    public void Visit(int root, Terminal terminal, int state, Action<int, int> visit)
    {
        int[] states = _spare.TryPop(out int[]? spare) ? spare : new int[trie.Longest + 1];
        byte[] bytes = trie.Bytes;
        ushort[] depths = trie.Depths;
        int[] ends = trie.Ends;
        states[depths[root]] = state;
        int end = ends[root];
        for (int node = root + 1; node < end;)
        {
            int depth = depths[node];
            int next = terminal.Next(states[depth - 1], bytes[node]);
            if (next < 0)
            {
                node = ends[node];
                continue;
            }

            states[depth] = next;
            visit(node, next);
            node++;
        }

        _spare.Push(states);
    }

    private void Below(int root, Terminal terminal, int state, TokenSet to, List<int> exits)
    {
        int[] starts = trie.Starts, ends = trie.Ends, tokens = trie.Tokens;
        Visit(root, terminal, state, (node, next) =>
        {
            for (int i = starts[node]; i < starts[node + 1]; i++)
            {
                to.Add(tokens[i]);
            }

            if (ends[node] > node + 1 && terminal.Accepts(next))
            {
                exits.Add(node);
            }
        });
    }
}
