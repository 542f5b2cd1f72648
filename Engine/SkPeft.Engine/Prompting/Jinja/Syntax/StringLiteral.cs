using System.Globalization;
using System.Text;
using SkPeft.Engine.Prompting.Jinja.Values;

namespace SkPeft.Engine.Prompting.Jinja.Syntax;

/// <summary>Python's <c>unicode-escape</c>: what the backslashes of a string literal mean.</summary>
internal static class StringLiteral
{
    public static string Unescape(string raw, int line)
    {
        if (!raw.Contains('\\', StringComparison.Ordinal))
        {
            return raw;
        }

        StringBuilder text = new(raw.Length);
        for (int i = 0; i < raw.Length; i++)
        {
            if (raw[i] != '\\')
            {
                text.Append(raw[i]);
                continue;
            }

            char c = raw[++i];
            switch (c)
            {
                case '\n':
                    break;
                case 'x':
                    text.Append((char)Hex(raw, ref i, 2, line));
                    break;
                case 'u':
                    text.Append((char)Hex(raw, ref i, 4, line));
                    break;
                case 'U':
                    int codePoint = Hex(raw, ref i, 8, line);
                    text.Append(codePoint is >= 0 and <= 0x10FFFF ? CodePoints.ToText(codePoint) : throw Bad(line, "illegal Unicode character"));
                    break;
                case 'N':
                    throw Bad(line, "\\N{…} names are not supported; write \\u and four hexadecimal digits");
                case >= '0' and <= '7':
                    int value = 0;
                    for (int n = 0; n < 3 && i < raw.Length && raw[i] is >= '0' and <= '7'; n++)
                    {
                        value = (value * 8) + raw[i++] - '0';
                    }

                    i--;
                    text.Append((char)value);
                    break;
                default:
                    text.Append(Simple(c));
                    break;
            }
        }

        return text.ToString();
    }

    private static string Simple(char c) => c switch
    {
        '\\' or '\'' or '"' => c.ToString(),
        'n' => "\n",
        't' => "\t",
        'r' => "\r",
        'a' => "\a",
        'b' => "\b",
        'f' => "\f",
        'v' => "\v",
        _ => "\\" + c,
    };

    private static int Hex(string raw, ref int i, int digits, int line)
    {
        if (i + digits >= raw.Length
            || !int.TryParse(raw.AsSpan(i + 1, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int value))
        {
            throw Bad(line, $"truncated \\{raw[i]} escape: {digits} hexadecimal digits are needed");
        }

        i += digits;
        return value;
    }

    private static TemplateSyntaxException Bad(int line, string why) => new(line, "a string cannot be decoded: " + why);
}
