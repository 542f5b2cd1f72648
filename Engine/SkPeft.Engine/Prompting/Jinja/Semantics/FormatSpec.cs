using System.Globalization;
using System.Numerics;
using SkPeft.Engine.Prompting.Jinja.Runtime;
using SkPeft.Engine.Prompting.Jinja.Values;

namespace SkPeft.Engine.Prompting.Jinja.Semantics;

/// <summary>Python's format specification: <c>[[fill]align][sign][#][0][width][,|_][.precision][type]</c>.</summary>
internal static class FormatSpec
{
    public static void Write(TextBuilder text, object? value, string spec, Budget budget)
    {
        if (spec.Length == 0)
        {
            text.Append(PyText.Str(value, budget));
            return;
        }

        int i = 0;
        char fill = ' ', align = '\0';
        if (spec.Length > 1 && spec[1] is '<' or '>' or '^' or '=')
        {
            (fill, align, i) = (spec[0], spec[1], 2);
        }
        else if (spec[0] is '<' or '>' or '^' or '=')
        {
            (align, i) = (spec[0], 1);
        }

        char sign = i < spec.Length && spec[i] is '+' or '-' or ' ' ? spec[i++] : '-';
        bool alternate = i < spec.Length && spec[i] == '#';
        i += alternate ? 1 : 0;
        if (i < spec.Length && spec[i] == '0')
        {
            (fill, align) = align == '\0' ? ('0', '=') : (fill, align);
            i++;
        }

        int width = Digits(spec, ref i) ?? 0;
        char grouping = i < spec.Length && spec[i] is ',' or '_' ? spec[i++] : '\0';
        int? precision = null;
        if (i < spec.Length && spec[i] == '.')
        {
            i++;
            precision = Digits(spec, ref i) ?? throw JinjaException.Value("Format specifier missing precision");
        }

        char type = i < spec.Length ? spec[i++] : '\0';
        if (i < spec.Length)
        {
            throw JinjaException.Value($"Invalid format specifier '{spec}'");
        }

        (string prefix, PyString body) = value is PyString s ? (string.Empty, Cut(s, precision, type)) : Number(value, type, precision, sign, alternate, grouping);
        align = align == '\0' ? value is PyString ? '<' : '>' : align;
        int missing = Math.Max(0, width - prefix.Length - body.Length);
        int before = align switch { '<' => 0, '^' => missing / 2, _ => missing };
        text.Append(align == '=' ? prefix : string.Empty).Append(fill, before).Append(align == '=' ? string.Empty : prefix).Append(body).Append(fill, missing - before);
    }

    private static int? Digits(string spec, ref int i)
    {
        int start = i;
        while (i < spec.Length && char.IsAsciiDigit(spec[i]))
        {
            i++;
        }

        return start == i ? null
            : int.TryParse(spec.AsSpan(start, i - start), CultureInfo.InvariantCulture, out int value) ? value
            : throw JinjaException.Value("Too many decimal digits in format string");
    }

    private static PyString Cut(PyString text, int? precision, char type) => type is not ('\0' or 's')
        ? throw JinjaException.Value($"Unknown format code '{type}' for object of type 'str'")
        : precision < text.Length ? text.Part(0, text.Utf16Index(precision.Value)) : text;

    private static (string Prefix, PyString Body) Number(object? value, char type, int? precision, char sign, bool alternate, char grouping)
    {
        if (!Numbers.IsNumber(value))
        {
            throw JinjaException.Type($"unsupported format string passed to {PyType.NameOf(value)}.__format__");
        }

        bool whole = Numbers.TryInt(value, out BigInteger integer) && type is '\0' or 'd' or 'n' or 'x' or 'X' or 'o' or 'b';
        double number = whole ? 0 : Numbers.ToDouble(value!);
        bool negative = whole ? integer.Sign < 0 : double.IsNegative(number);
        string digits = whole ? NumberFormat.Integer(integer, type)
            : type == '\0' && precision is null ? FloatText.Repr(Math.Abs(number))
            : NumberFormat.Float(number, type == '\0' ? 'g' : type, precision ?? 6);
        string prefix = negative ? "-" : sign == '-' ? string.Empty : sign.ToString();
        prefix += alternate && type is 'x' or 'X' or 'o' or 'b' ? "0" + type : string.Empty;
        return (prefix, PyString.Trusted(grouping == '\0' ? digits : Group(digits, grouping)));
    }

    private static string Group(string digits, char separator)
    {
        int end = digits.IndexOfAny(['.', 'e', 'E', '%']);
        string tail = end < 0 ? string.Empty : digits[end..];
        string head = end < 0 ? digits : digits[..end];
        for (int at = head.Length - 3; at > 0; at -= 3)
        {
            head = head.Insert(at, separator.ToString());
        }

        return head + tail;
    }
}
