using SkPeft.Engine.Structured.Vocabulary;

namespace SkPeft.Engine.Structured.Grammars;

/// <summary>
/// How many characters each token takes within a string, found by one walk: so that the mask of a string with a few characters left is a filter
/// of these, not a walk of its own for every length.
/// </summary>
internal sealed class StringProfile
{
    private readonly List<(int Token, int Length)> _open = [];
    private readonly List<(int Token, int Length)> _closing = [];
    private readonly List<(int Node, int Length)> _exits = [];

    /// <param name="walk">The vocabulary.</param>
    /// <param name="counting">A string that counts further than any token is long.</param>
    /// <param name="state">Its state between two characters, none counted.</param>
    public StringProfile(TrieWalk walk, StringTerminal counting, int state)
    {
        VocabularyTrie trie = walk.Trie;
        walk.Visit(0, counting, state, (node, reached) =>
        {
            // Half a character takes the room of one.
            int length = StringTerminal.CountOf(reached) + (StringTerminal.IsWithinCharacter(reached) ? 1 : 0);
            bool closes = counting.Accepts(reached);
            foreach (int token in trie.Tokens.AsSpan(trie.Starts[node]..trie.Starts[node + 1]))
            {
                (closes ? _closing : _open).Add((token, length));
            }

            if (closes && trie.Ends[node] > node + 1)
            {
                _exits.Add((node, length));
            }
        });
        _open.Sort((a, b) => b.Length.CompareTo(a.Length));
    }

    /// <summary>The tokens that may follow where at least <paramref name="min"/> and at most <paramref name="max"/> characters must come.</summary>
    public TerminalMask MaskOf(int min, int max, int vocabulary)
    {
        TokenSet within = new(vocabulary);
        for (int i = _open.Count - 1; i >= 0 && _open[i].Length <= max; i--)
        {
            within.Add(_open[i].Token);
        }

        foreach ((int token, _) in _closing.Where(c => c.Length >= min && c.Length <= max))
        {
            within.Add(token);
        }

        return new TerminalMask(within, [.. _exits.Where(e => e.Length >= min && e.Length <= max).Select(e => e.Node)]);
    }
}
