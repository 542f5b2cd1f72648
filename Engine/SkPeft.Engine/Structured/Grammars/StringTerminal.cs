using SkPeft.Engine.Structured.Automata;

namespace SkPeft.Engine.Structured.Grammars;

/// <summary>A JSON string of any characters, between a least and a greatest number of them: counted, so that its automaton stays small.</summary>
internal sealed class StringTerminal : Terminal
{
    /// <summary>The greatest length that can be counted.</summary>
    public const int MaxLength = 1 << 24;

    private const int Bits = 6;
    private const int Mask = (1 << Bits) - 1;
    private const int Opening = Mask;
    private const int Closed = Mask - 1;

    private readonly ByteAutomaton _content;
    private readonly int _min;
    private readonly int? _max;
    private readonly int _longest;
    private readonly Func<TrieWalk, StringProfile>? _profile;

    /// <param name="content">The characters of JSON strings; its state 0 lies between two characters.</param>
    /// <param name="min">The least length, in Unicode characters.</param>
    /// <param name="max">The greatest, or null.</param>
    /// <param name="longest">Bytes of the longest token: no token can see further.</param>
    /// <param name="typeable">[256] the bytes that are tokens by themselves.</param>
    /// <param name="profile">How long tokens are within strings; null: found by a walk each time.</param>
    public StringTerminal(ByteAutomaton content, int min, int? max, int longest, bool[] typeable, Func<TrieWalk, StringProfile>? profile = null)
    {
        System.Diagnostics.Debug.Assert(content.States < Closed, "The content's states must leave room for two more.");
        (_content, _min, _max, _longest, _profile) = (content, min, max, longest, profile);
        IsEmpty = !typeable['"'] || min > max || (min > 0 && !Enumerable.Range(0, 256).Any(value => typeable[value] && content.Next(0, (byte)value) >= 0));
    }

    public override int Start => Opening;

    /// <summary>The state behind the opening quote.</summary>
    public static int Opened => 0;

    public override bool IsEmpty { get; }

    /// <summary>How many characters were finished.</summary>
    public static int CountOf(int state) => state >> Bits;

    /// <summary>Whether a character has been begun.</summary>
    public static bool IsWithinCharacter(int state) => (state & Mask) is > 0 and < Closed;

    public override int Next(int state, byte value)
    {
        int place = state & Mask, count = state >> Bits;
        if (place == 0 && value == (byte)'"')
        {
            return count >= _min ? (count << Bits) | Closed : -1;
        }

        if (place >= Closed)
        {
            return place == Opening && value == (byte)'"' ? 0 : -1;
        }

        int next = place == 0 && count == _max ? -1 : _content.Next(place, value);
        return next > 0 ? (count << Bits) | next
            : next < 0 ? -1
            : Math.Min(count + 1, _max ?? _min) << Bits;
    }

    public override bool Accepts(int state) => (state & Mask) == Closed;

    protected override TerminalMask Compute(int state, TrieWalk walk) => (state & Mask) == 0 && _profile is not null
        ? _profile(walk).MaskOf(Math.Max(0, _min - CountOf(state)), _max - CountOf(state) ?? int.MaxValue, walk.Trie.Vocabulary)
        : base.Compute(state, walk);

    // Only distances matter, and only where a token may cross them.
    protected override int MaskKey(int state)
    {
        int count = state >> Bits;
        if ((state & Mask) == Closed)
        {
            return Closed;
        }

        int toMin = Math.Clamp(_min - count, 0, _longest + 1);
        int toMax = _max is null ? _longest + 1 : Math.Min(_max.Value - count, _longest + 1);
        return (((toMin * (_longest + 2)) + toMax) << Bits) | (state & Mask);
    }
}
