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

    /// <param name="content">The characters of JSON strings; its state 0 lies between two characters.</param>
    /// <param name="min">The least length, in Unicode characters.</param>
    /// <param name="max">The greatest, or null.</param>
    /// <param name="longest">Bytes of the longest token: no token can see further.</param>
    /// <param name="typeable">[256] the bytes that are tokens by themselves.</param>
    public StringTerminal(ByteAutomaton content, int min, int? max, int longest, bool[] typeable)
    {
        System.Diagnostics.Debug.Assert(content.States < Closed, "The content's states must leave room for two more.");
        (_content, _min, _max, _longest) = (content, min, max, longest);
        IsEmpty = !typeable['"'] || min > max || (min > 0 && !Enumerable.Range(0, 256).Any(value => typeable[value] && content.Next(0, (byte)value) >= 0));
    }

    public override int Start => Opening;

    public override bool IsEmpty { get; }

    public override int Next(int state, byte value)
    {
        int place = state & Mask, count = state >> Bits;
        if (place == 0 && value == (byte)'"')
        {
            return count >= _min ? Closed : -1;
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

    public override bool Accepts(int state) => state == Closed;

    // Only distances matter, and only where a token may cross them.
    protected override int MaskKey(int state)
    {
        int count = state >> Bits;
        int toMin = Math.Clamp(_min - count, 0, _longest + 1);
        int toMax = _max is null ? _longest + 1 : Math.Min(_max.Value - count, _longest + 1);
        return (((toMin * (_longest + 2)) + toMax) << Bits) | (state & Mask);
    }
}
