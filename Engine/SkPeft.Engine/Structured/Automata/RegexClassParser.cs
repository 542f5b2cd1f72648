namespace SkPeft.Engine.Structured.Automata;

/// <summary>Reads a class between brackets.</summary>
internal readonly ref struct RegexClassParser
{
    /// <param name="pattern">The pattern's code points.</param>
    /// <param name="at">The place behind the opening bracket; moved behind the closing one.</param>
    /// <exception cref="RegexException">The class is malformed.</exception>
    public RegexClassParser(int[] pattern, ref int at)
    {
        bool isNegated = at < pattern.Length && pattern[at] == '^';
        at += isNegated ? 1 : 0;
        List<(int, int)> ranges = [];
        while (true)
        {
            if (at == pattern.Length)
            {
                throw new RegexException("a '[' without its ']'", "a closed class");
            }

            if (pattern[at] == ']')
            {
                at++;
                break;
            }

            CharSet first = Item(pattern, ref at);
            bool isRange = at + 1 < pattern.Length && pattern[at] == '-' && pattern[at + 1] != ']';
            if (!isRange)
            {
                ranges.AddRange(first.Ranges);
                continue;
            }

            at++;
            ranges.Add((One(first), One(Item(pattern, ref at))));
            if (ranges[^1].Item1 > ranges[^1].Item2)
            {
                throw new RegexException("a range in a class that runs backwards", "first character, '-', last character");
            }
        }

        CharSet set = CharSet.Of(ranges);
        Set = isNegated ? set.Complement() : set;
    }

    public CharSet Set { get; }

    private static CharSet Item(int[] pattern, ref int at)
    {
        int c = pattern[at++];
        return c == '\\' ? RegexEscape.Parse(pattern, ref at, isInClass: true) : CharSet.Of([(c, c)]);
    }

    private static int One(CharSet set) => set.Ranges is [var (first, last)] && first == last
        ? first
        : throw new RegexException("a range in a class with a class at its end", "characters at both ends");
}
