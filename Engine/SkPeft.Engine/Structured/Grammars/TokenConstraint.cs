using System.Buffers;
using SkPeft.Engine.Sampling;
using SkPeft.Engine.Structured.Vocabulary;

namespace SkPeft.Engine.Structured.Grammars;

/// <summary>Holds the tokens of one answer to a grammar: a pushdown automaton over bytes, with all ways that the text so far can be read.</summary>
internal sealed class TokenConstraint : ITokenConstraint
{
    // Ambiguous grammars have more ways the longer the text is. To forget the last of them loses possible texts, never makes a wrong one.
    private const int MaxCursors = 1000;

    // Masks of whole states; those of terminals are kept with the grammar.
    private const int MaxMasks = 256;

    private readonly TrieWalk _walk;
    private readonly IReadOnlySet<int> _ends;
    private readonly FrameTable _frames = new();
    private readonly Dictionary<Cursor, TokenSet> _masks = [];
    private readonly ArrayBufferWriter<byte> _bytes = new();
    private readonly TokenSet _allowed;
    private List<Cursor> _cursors;
    private bool _canEnd;
    private bool _ended;

    public TokenConstraint(VocabularyTrie trie, Rule root, IReadOnlySet<int> ends)
    {
        _walk = new TrieWalk(trie);
        _ends = ends;
        _allowed = new TokenSet(trie.Vocabulary);
        Frame start = _frames.Get(root.Start, null);
        _cursors = [.. start.Successors];
        _canEnd = start.CanEnd;
    }

    /// <summary>The tokens that may come next; never empty before the text has ended.</summary>
    public TokenSet Allowed()
    {
        _allowed.Clear();
        foreach (Cursor cursor in _cursors)
        {
            _allowed.UnionWith(MaskOf(cursor));
        }

        if (_canEnd || _ended)
        {
            _allowed.Add([.. _ends.Where(id => id < _allowed.Size)]);
        }

        return _allowed;
    }

    public void Apply(Span<float> logits) => Allowed().Keep(logits);

    public void Accept(int token)
    {
        if (_ended || (_canEnd && _ends.Contains(token)))
        {
            (_ended, _cursors) = (true, []);
            return;
        }

        List<Cursor> next = StepToken(token);
        if (VocabularyTrie.IsText(_walk.Trie.Tokenizer, token))
        {
            _bytes.ResetWrittenCount();
            _walk.Trie.Tokenizer.AppendBytes(token, _bytes);
            next.AddRange(StepBytes(_bytes.WrittenSpan));
        }

        if (next.Count == 0)
        {
            throw new InvalidOperationException($"Token {token} was not allowed.");
        }

        _cursors = next;
        _canEnd = next.Exists(c => c.Terminal.Accepts(c.State) && c.After.CanEnd);
    }

    private TokenSet MaskOf(Cursor cursor)
    {
        TerminalMask mask = cursor.Terminal.MaskOf(cursor.State, _walk);
        bool ends = cursor.Terminal.Accepts(cursor.State);
        if (!ends && mask.Exits.Count == 0)
        {
            return mask.Within;
        }

        if (_masks.TryGetValue(cursor, out TokenSet? known))
        {
            return known;
        }

        TokenSet all = new(_walk.Trie.Vocabulary);
        all.UnionWith(mask.Within);
        _walk.AddBelow(mask.Exits, cursor.After, all);
        foreach (Cursor next in ends ? cursor.After.Successors : [])
        {
            all.UnionWith(MaskOf(next));
        }

        if (_masks.Count >= MaxMasks)
        {
            _masks.Clear();
        }

        _masks[cursor] = all;
        return all;
    }

    private List<Cursor> StepBytes(ReadOnlySpan<byte> bytes)
    {
        List<Cursor> cursors = bytes.Length == 0 ? [] : _cursors;
        foreach (byte value in bytes)
        {
            cursors = Step(cursors, c => c.Terminal.Next(c.State, value));
        }

        return cursors;
    }

    private List<Cursor> StepToken(int token) => Step(_cursors, c => c.Terminal.NextToken(c.State, token));

    private static List<Cursor> Step(List<Cursor> cursors, Func<Cursor, int> next)
    {
        HashSet<Cursor> seen = [];
        List<Cursor> stepped = [];
        foreach (Cursor cursor in cursors)
        {
            Go(cursor);
            foreach (Cursor follower in cursor.Terminal.Accepts(cursor.State) ? cursor.After.Successors : [])
            {
                Go(follower);
            }
        }

        return stepped;

        void Go(Cursor cursor)
        {
            int state = next(cursor);
            Cursor moved = cursor with { State = state };
            if (state >= 0 && stepped.Count < MaxCursors && seen.Add(moved))
            {
                stepped.Add(moved);
            }
        }
    }
}
