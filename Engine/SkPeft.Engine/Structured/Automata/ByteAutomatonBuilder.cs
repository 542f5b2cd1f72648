namespace SkPeft.Engine.Structured.Automata;

/// <summary>Spells characters out: UTF-8, and within JSON strings the escapes without which a character cannot stand there.</summary>
/// <remarks>
/// A character has one spelling: JSON would let "a" be \u0061 as well. So texts that differ are bytes that differ, and a key can be told
/// from all others by its bytes.
/// </remarks>
internal sealed class ByteAutomatonBuilder
{
    private const int MaxStates = short.MaxValue;

    // Of these JSON has a short form; other control characters are \u00XX.
    private static readonly Dictionary<int, byte> s_short = new()
    {
        ['"'] = (byte)'"', ['\\'] = (byte)'\\', ['\b'] = (byte)'b', ['\f'] = (byte)'f', ['\n'] = (byte)'n', ['\r'] = (byte)'r', ['\t'] = (byte)'t',
    };

    private readonly List<short[]> _rows = [];
    private readonly List<bool> _accepts = [];
    private readonly Dictionary<(int State, int Base, int Left), short> _partial = [];

    /// <summary>A text as UTF-8.</summary>
    /// <exception cref="RegexException">The result has too many states.</exception>
    public static ByteAutomaton Plain(TextAutomaton text, bool[] typeable) => Build(text, typeable, isJson: false, isQuoted: false);

    /// <summary>A text as a JSON string without its quotes.</summary>
    /// <exception cref="RegexException">The result has too many states.</exception>
    public static ByteAutomaton JsonContent(TextAutomaton text, bool[] typeable) => Build(text, typeable, isJson: true, isQuoted: false);

    /// <summary>A text as a JSON string.</summary>
    /// <exception cref="RegexException">The result has too many states.</exception>
    public static ByteAutomaton JsonString(TextAutomaton text, bool[] typeable) => Build(text, typeable, isJson: true, isQuoted: true);

    private static ByteAutomaton Build(TextAutomaton text, bool[] typeable, bool isJson, bool isQuoted)
    {
        ByteAutomatonBuilder builder = new();

        // The text's states come first, behind the one in front of the opening quote.
        int first = isQuoted ? 1 : 0;
        for (int i = 0; i < first + text.States; i++)
        {
            builder.Add(!isQuoted && text.IsAccepting(i));
        }

        for (int state = 0; state < text.States; state++)
        {
            builder.AddCharacters(text, state, first, isJson);
        }

        if (isQuoted)
        {
            builder.AddQuotes(text, first);
        }

        return new ByteAutomaton([.. builder._rows.SelectMany(r => r)], [.. builder._accepts], typeable);
    }

    private void AddQuotes(TextAutomaton text, int first)
    {
        short end = Add(accepts: true);
        _rows[0][(byte)'"'] = (short)first;
        for (int state = 0; state < text.States; state++)
        {
            if (text.IsAccepting(state))
            {
                _rows[first + state][(byte)'"'] = end;
            }
        }
    }

    private void AddCharacters(TextAutomaton text, int state, int first, bool isJson)
    {
        short[] row = _rows[first + state];
        for (int c = 0; c < 0x80; c++)
        {
            int target = text.Next(state, c);
            if (target < 0)
            {
                continue;
            }

            if (isJson && (c < 0x20 || s_short.ContainsKey(c)))
            {
                AddEscape(row, c, (short)(first + target));
            }
            else
            {
                row[c] = (short)(first + target);
            }
        }

        AddLeads(text, state, first, 0xC2, 0xDF, 1, 0x1F);
        AddLeads(text, state, first, 0xE0, 0xEF, 2, 0x0F);
        AddLeads(text, state, first, 0xF0, 0xF4, 3, 0x07);
    }

    private void AddLeads(TextAutomaton text, int state, int first, int from, int to, int left, int mask)
    {
        for (int lead = from; lead <= to; lead++)
        {
            _rows[first + state][lead] = Partial(text, state, first, (lead & mask) << (6 * left), left);
        }
    }

    // The state in which the bytes of a character are missing whose code point is start plus what they say; -1 where none fits.
    private short Partial(TextAutomaton text, int state, int first, int start, int left)
    {
        int end = start + (1 << (6 * left)) - 1;
        int least = left switch { 1 => 0x80, 2 => 0x800, _ => 0x10000 };

        // Most often the whole range leads to one state, and is then one for all of them.
        TextArc? arc = text.ArcsOf(state).Cast<TextArc?>().FirstOrDefault(a => a!.Value.Last >= Math.Max(start, least) && a.Value.First <= end);
        if (arc is not { } found)
        {
            return -1;
        }

        bool isWhole = found.First <= start && found.Last >= end && start >= least;
        (int, int, int) key = isWhole ? (-1 - found.Target, 0, left) : (state, start, left);
        if (_partial.TryGetValue(key, out short known))
        {
            return known;
        }

        short made = Add(accepts: false);
        _partial.Add(key, made);
        for (int value = 0; value < 64; value++)
        {
            int at = start + (value << (6 * (left - 1)));
            int target = left == 1 ? (at >= least ? text.Next(state, at) : -1) : -1;
            _rows[made][0x80 | value] = left > 1 ? Deeper(text, state, first, at, left - 1, least) : (short)(target < 0 ? -1 : first + target);
        }

        return made;
    }

    // Overlong forms begin with the right number of bytes but say too small a number.
    private short Deeper(TextAutomaton text, int state, int first, int start, int left, int least) =>
        start + (1 << (6 * left)) - 1 < least ? (short)-1 : Partial(text, state, first, start, left);

    private void AddEscape(short[] row, int c, short target)
    {
        short[] escape = Row(row, (byte)'\\');
        if (s_short.TryGetValue(c, out byte name))
        {
            escape[name] = target;
            return;
        }

        short[] digit = Row(Row(Row(escape, (byte)'u'), (byte)'0'), (byte)'0');
        short[] last = Row(digit, (byte)('0' + (c >> 4)));
        int low = c & 15;
        if (low < 10)
        {
            last['0' + low] = target;
        }
        else
        {
            last['a' + low - 10] = target;
            last['A' + low - 10] = target;
        }
    }

    private short[] Row(short[] from, byte value)
    {
        if (from[value] < 0)
        {
            from[value] = Add(accepts: false);
        }

        return _rows[from[value]];
    }

    private short Add(bool accepts)
    {
        if (_rows.Count == MaxStates)
        {
            throw new RegexException($"an automaton of more than {MaxStates} states", "a pattern with fewer or smaller repetitions");
        }

        short[] row = new short[256];
        Array.Fill(row, (short)-1);
        _rows.Add(row);
        _accepts.Add(accepts);
        return (short)(_rows.Count - 1);
    }
}
