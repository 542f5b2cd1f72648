namespace SkPeft.Engine.Structured.Automata;

/// <summary>What stands behind a backslash in a pattern.</summary>
internal static class RegexEscape
{
    /// <param name="pattern">The pattern's code points.</param>
    /// <param name="at">The place behind the backslash; moved behind the escape.</param>
    /// <param name="isInClass">Whether it stands between brackets, where <c>\b</c> is a backspace.</param>
    /// <exception cref="RegexException">The escape is not supported.</exception>
    public static CharSet Parse(int[] pattern, ref int at, bool isInClass)
    {
        if (at == pattern.Length)
        {
            throw new RegexException("a '\\' at the end", "a character behind it");
        }

        int c = pattern[at++];
        return c switch
        {
            'd' => CharSet.Digits,
            'D' => CharSet.Digits.Complement(),
            'w' => CharSet.Word,
            'W' => CharSet.Word.Complement(),
            's' => CharSet.Space,
            'S' => CharSet.Space.Complement(),
            't' => One('\t'),
            'n' => One('\n'),
            'r' => One('\r'),
            'f' => One('\f'),
            'v' => One('\v'),
            '0' when at == pattern.Length || pattern[at] is < '0' or > '9' => One(0),
            'b' when isInClass => One('\b'),
            'x' => One(Hex(pattern, ref at, 2)),
            'u' => One(Unicode(pattern, ref at)),
            _ when !char.IsAsciiLetterOrDigit((char)Math.Min(c, 0xFFFF)) && c != '_' => One(c),
            _ => throw new RegexException($"'\\{RegexParser.Show(c)}'", "\\d \\w \\s (and capitals), \\t \\n \\r \\f \\v \\0, \\xHH, \\uHHHH, or a punctuation mark that means itself"),
        };
    }

    private static CharSet One(int c) => c is >= 0xD800 and <= 0xDFFF or > CharSet.Last
        ? throw new RegexException($"'\\u{c:X4}'", "a Unicode character: half a surrogate pair, or what is above U+10FFFF, is none")
        : CharSet.Of([(c, c)]);

    private static int Unicode(int[] pattern, ref int at)
    {
        if (at < pattern.Length && pattern[at] == '{')
        {
            int close = Array.IndexOf(pattern, '}', at);
            int digits = close - at - 1;
            at++;
            int value = digits is >= 1 and <= 6 ? Hex(pattern, ref at, digits) : throw new RegexException("a malformed '\\u{…}'", "1 to 6 hexadecimal digits");
            at++;
            return value;
        }

        int first = Hex(pattern, ref at, 4);
        if (first is >= 0xD800 and <= 0xDBFF && at + 1 < pattern.Length && pattern[at] == '\\' && pattern[at + 1] == 'u')
        {
            at += 2;
            int second = Hex(pattern, ref at, 4);
            return second is >= 0xDC00 and <= 0xDFFF ? char.ConvertToUtf32((char)first, (char)second) : first;
        }

        return first;
    }

    private static int Hex(int[] pattern, ref int at, int digits)
    {
        int value = 0;
        for (int i = 0; i < digits; i++)
        {
            if (at == pattern.Length || !char.IsAsciiHexDigit((char)Math.Min(pattern[at], 0xFFFF)))
            {
                throw new RegexException("a malformed '\\x' or '\\u'", $"{digits} hexadecimal digits");
            }

            value = (value * 16) + Convert.ToInt32(((char)pattern[at++]).ToString(), 16);
        }

        return value;
    }
}
