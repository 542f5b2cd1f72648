using System.Collections.Concurrent;

namespace SkPeft.Engine.Structured.Grammars;

/// <summary>A piece of text that an automaton over bytes recognises, without a stack. It is never the empty text.</summary>
/// <remarks>Immutable but for its cache; safe for concurrent use.</remarks>
internal abstract class Terminal
{
    private readonly ConcurrentDictionary<int, TerminalMask> _masks = [];

    /// <summary>Where it begins.</summary>
    public abstract int Start { get; }

    /// <summary>True where nothing can be written that it accepts.</summary>
    public abstract bool IsEmpty { get; }

    /// <summary>The state behind a byte, or -1; from any state an end can be reached.</summary>
    public abstract int Next(int state, byte value);

    /// <summary>Whether it may end here.</summary>
    public abstract bool Accepts(int state);

    /// <summary>The state behind a token that is no text, or -1.</summary>
    public virtual int NextToken(int state, int token) => -1;

    /// <summary>A number that is equal for states between which no token can tell.</summary>
    protected virtual int MaskKey(int state) => state;

    /// <summary>The tokens that go on from a state; computed once.</summary>
    public TerminalMask MaskOf(int state, TrieWalk walk)
    {
        int key = MaskKey(state);
        return _masks.TryGetValue(key, out TerminalMask? known) ? known : _masks.GetOrAdd(key, Compute(state, walk));
    }

    protected virtual TerminalMask Compute(int state, TrieWalk walk) => walk.MaskOf(this, state);
}
