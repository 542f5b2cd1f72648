namespace SkPeft.Engine.Structured.Automata;

/// <summary>A deterministic automaton over bytes; state 0 is the start.</summary>
internal sealed class ByteAutomaton
{
    private const short Dead = -1;

    private readonly short[] _next;
    private readonly bool[] _accepts;

    /// <param name="next">[states × 256] the next state, or -1.</param>
    /// <param name="accepts">[states] whether the text may end.</param>
    /// <param name="typeable">[256] the bytes that the vocabulary has a token for; a state is kept only where these reach an end.</param>
    public ByteAutomaton(short[] next, bool[] accepts, bool[] typeable)
    {
        _next = next;
        _accepts = accepts;
        bool[] alive = Alive(typeable);
        for (int i = 0; i < next.Length; i++)
        {
            if (next[i] >= 0 && !alive[next[i]])
            {
                next[i] = Dead;
            }
        }

        IsEmpty = !alive[0];
    }

    /// <summary>True where the vocabulary can write no text of it.</summary>
    public bool IsEmpty { get; }

    public int States => _accepts.Length;

    /// <summary>The next state, or -1 where the text cannot go on so.</summary>
    public int Next(int state, byte value) => _next[(state << 8) | value];

    public bool Accepts(int state) => _accepts[state];

    private bool[] Alive(bool[] typeable)
    {
        List<int>[] sources = [.. _accepts.Select(_ => new List<int>())];
        for (int i = 0; i < _next.Length; i++)
        {
            if (_next[i] >= 0 && typeable[i & 255])
            {
                sources[_next[i]].Add(i >> 8);
            }
        }

        bool[] alive = [.. _accepts];
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
