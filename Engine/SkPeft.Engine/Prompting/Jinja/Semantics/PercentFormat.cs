using System.Globalization;
using System.Numerics;
using SkPeft.Engine.Prompting.Jinja.Runtime;
using SkPeft.Engine.Prompting.Jinja.Values;

namespace SkPeft.Engine.Prompting.Jinja.Semantics;

/// <summary>Python's <c>format % values</c>.</summary>
internal static class PercentFormat
{
    private const string Flags = "-+ #0";

    public static PyString Apply(PyString format, object? values, Budget budget)
    {
        IReadOnlyList<object?> positional = values is PyTuple tuple ? tuple.Items : [values];
        int used = 0;
        TextBuilder text = new(budget);
        string f = format.Text;
        for (int i = 0; i < f.Length;)
        {
            if (f[i] != '%')
            {
                int next = f.IndexOf('%', i);
                int end = next < 0 ? f.Length : next;
                text.Append(format, i, end - i);
                i = end;
                continue;
            }

            i++;
            object? key = null;
            bool keyed = i < f.Length && f[i] == '(';
            if (keyed)
            {
                int close = CloseOf(f, i);
                key = PyString.Trusted(f[(i + 1)..close]);
                i = close + 1;
                used = positional.Count;
            }

            object? Next() => used < positional.Count ? positional[used++] : throw JinjaException.Type("not enough arguments for format string");
            string flags = string.Empty;
            while (i < f.Length && Flags.Contains(f[i], StringComparison.Ordinal))
            {
                flags += f[i++];
            }

            int width = Count(f, ref i, Next) ?? 0;
            int? precision = null;
            if (i < f.Length && f[i] == '.')
            {
                i++;
                precision = Count(f, ref i, Next) ?? 0;
            }

            while (i < f.Length && f[i] is 'h' or 'l' or 'L')
            {
                i++;
            }

            char type = i < f.Length ? f[i++] : throw JinjaException.Value("incomplete format");
            if (type == '%')
            {
                text.Append(f[i - 2] == '%' ? "%" : throw JinjaException.Value("unsupported format character '%' (0x25)"));
                continue;
            }

            object? value = !keyed ? Next()
                : values is PyDict dict ? dict.TryGet(key, out object? found) ? found : throw new JinjaException("KeyError", PyText.Repr(key, budget).Text)
                : throw JinjaException.Type("format requires a mapping");
            Pad(text, Convert(value, type, precision, flags, budget), Math.Abs(width), width < 0 || flags.Contains('-', StringComparison.Ordinal), flags.Contains('0', StringComparison.Ordinal) && type is not ('s' or 'r' or 'a' or 'c'));
        }

        // Python lets be whatever could have been a mapping.
        if (used < positional.Count && values is not (PyDict or PyList or PyRange or PyUndefined))
        {
            throw JinjaException.Type("not all arguments converted during string formatting");
        }

        return text.Build();
    }

    /// <summary>The bracket that closes a key, which may have brackets in it.</summary>
    private static int CloseOf(string f, int open)
    {
        int depth = 0;
        for (int i = open; i < f.Length; i++)
        {
            depth += f[i] == '(' ? 1 : f[i] == ')' ? -1 : 0;
            if (depth == 0)
            {
                return i;
            }
        }

        throw JinjaException.Value("incomplete format key");
    }

    private static int? Count(string f, ref int i, Func<object?> next)
    {
        if (i < f.Length && f[i] == '*')
        {
            i++;
            return Numbers.TryInt(next(), out BigInteger given) && BigInteger.Abs(given) < int.MaxValue ? (int)given : throw JinjaException.Type("* wants int");
        }

        int start = i;
        while (i < f.Length && char.IsAsciiDigit(f[i]))
        {
            i++;
        }

        return start == i ? null : int.TryParse(f.AsSpan(start, i - start), CultureInfo.InvariantCulture, out int count) ? count : throw JinjaException.Value("width too big");
    }

    private static PyString Convert(object? value, char type, int? precision, string flags, Budget budget)
    {
        budget.Digits((Numbers.TryInt(value, out BigInteger whole) ? whole.GetBitLength() : 0) + Math.Min(precision ?? 0, 1000));
        switch (type)
        {
            case 's' or 'r' or 'a':
                PyString text = type switch { 's' => PyText.Str(value, budget), 'r' => PyText.Repr(value, budget), _ => PyText.Ascii(value, budget) };
                return precision < text.Length ? text.Part(0, text.Utf16Index(precision.Value)) : text;
            case 'd' or 'i' or 'u':
                return Number(value is double d ? Whole(d) : value, 'd', flags, precision);
            case 'x' or 'X' or 'o':
                return Number(value, type, flags, precision);
            case 'e' or 'E' or 'f' or 'F' or 'g' or 'G':
                double number = Numbers.IsNumber(value) ? Numbers.ToDouble(value!) : throw JinjaException.Type($"must be real number, not {PyType.NameOf(value)}");
                return PyString.Trusted(Sign(double.IsNegative(number) && !double.IsNaN(number), flags) + NumberFormat.Float(number, type, precision ?? 6, flags.Contains('#', StringComparison.Ordinal)));
            case 'c':
                return value is PyString { Length: 1 } one ? one
                    : Numbers.TryInt(value, out BigInteger code) && code >= 0 && code < 0x110000 ? PyString.Trusted(CodePoints.ToText((int)code))
                    : throw JinjaException.Type("%c requires int or char");
            default:
                throw JinjaException.Value($"unsupported format character '{type}'");
        }
    }

    private static object Whole(double value) => double.IsFinite(value)
        ? new BigInteger(Math.Truncate(value))
        : throw (double.IsNaN(value) ? JinjaException.Value("cannot convert float NaN to integer") : JinjaException.Overflow("cannot convert float infinity to integer"));

    private static PyString Number(object? value, char type, string flags, int? precision)
    {
        if (!Numbers.TryInt(value, out BigInteger integer))
        {
            throw JinjaException.Type($"%{type} format: a real number is required, not {PyType.NameOf(value)}");
        }

        string prefix = flags.Contains('#', StringComparison.Ordinal) && type != 'd' ? "0" + type : string.Empty;
        return PyString.Trusted(Sign(integer.Sign < 0, flags) + prefix + NumberFormat.Integer(integer, type).PadLeft(Math.Min(precision ?? 0, 1000), '0'));
    }

    private static string Sign(bool negative, string flags) =>
        negative ? "-" : flags.Contains('+', StringComparison.Ordinal) ? "+" : flags.Contains(' ', StringComparison.Ordinal) ? " " : string.Empty;

    private static void Pad(TextBuilder text, PyString value, int width, bool left, bool zeros)
    {
        int missing = Math.Max(0, width - value.Length);
        if (left)
        {
            text.Append(value).Append(' ', missing);
        }
        else if (zeros)
        {
            int sign = value.Text.Length > 0 && value.Text[0] is '-' or '+' or ' ' ? 1 : 0;
            sign += value.Text.Length > sign + 1 && value.Text[sign] == '0' && value.Text[sign + 1] is 'x' or 'X' or 'o' ? 2 : 0;
            text.Append(value, 0, sign).Append('0', missing).Append(value, sign, value.Text.Length - sign);
        }
        else
        {
            text.Append(' ', missing).Append(value);
        }
    }
}
