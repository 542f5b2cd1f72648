using System.Numerics;
using SkPeft.Engine.Prompting.Jinja.Runtime;
using SkPeft.Engine.Prompting.Jinja.Values;

namespace SkPeft.Engine.Prompting.Jinja.Semantics;

/// <summary>Python's <c>format(value, spec)</c> for strings and numbers; other values take no specification.</summary>
internal static class FormatWriter
{
    public static void Write(TextBuilder text, object? value, string spec, Budget budget)
    {
        if (spec.Length == 0)
        {
            text.Append(PyText.Str(value, budget));
        }
        else if (value is PyString s)
        {
            WriteText(text, s, FormatSpec.Parse(spec, '<'));
        }
        else if (Numbers.IsNumber(value))
        {
            WriteNumber(text, value!, FormatSpec.Parse(spec, '>'), budget);
        }
        else
        {
            throw JinjaException.Type($"unsupported format string passed to {PyType.NameOf(value)}.__format__");
        }
    }

    private static void WriteText(TextBuilder text, PyString value, FormatSpec spec)
    {
        string? fault = spec.Type is not ('\0' or 's') ? $"Unknown format code '{spec.Type}' for object of type 'str'"
            : spec.Grouping != '\0' ? $"Cannot specify '{spec.Grouping}' with 's'."
            : spec.Sign != '\0' ? "Sign not allowed in string format specifier"
            : spec.NoNegativeZero ? "Negative zero coercion (z) not allowed in string format specifier"
            : spec.Alternate ? "Alternate form (#) not allowed in string format specifier"
            : spec.Align == '=' ? "'=' alignment not allowed in string format specifier"
            : null;
        if (fault is not null)
        {
            throw JinjaException.Value(fault);
        }

        Pad(text, string.Empty, spec.Precision < value.Length ? value.Part(0, value.Utf16Index(spec.Precision.Value)) : value, spec);
    }

    private static void WriteNumber(TextBuilder text, object value, FormatSpec spec, Budget budget)
    {
        bool isInt = Numbers.TryInt(value, out BigInteger integer);
        budget.Digits((isInt ? integer.GetBitLength() : 0) + Math.Min(spec.Precision ?? 0, 1000));
        string intTypes = "bcdoxXn", floatTypes = "eEfFgG%";
        char type = spec.Type == '\0' && isInt ? 'd' : spec.Type;
        if (type != '\0' && !floatTypes.Contains(type, StringComparison.Ordinal) && type != 'n' && !(isInt && intTypes.Contains(type, StringComparison.Ordinal)))
        {
            throw JinjaException.Value($"Unknown format code '{type}' for object of type '{PyType.NameOf(value)}'");
        }

        if (spec.Grouping != '\0' && type is 'n' or 'c' || (spec.Grouping == ',' && type is 'b' or 'o' or 'x' or 'X'))
        {
            throw JinjaException.Value($"Cannot specify '{spec.Grouping}' with '{type}'.");
        }

        bool whole = isInt && intTypes.Contains(type, StringComparison.Ordinal);
        (bool negative, string digits) = whole ? Integer(integer, type, spec) : Float(Numbers.ToDouble(value), type, spec);
        string prefix = negative ? "-" : spec.Sign is '+' or ' ' ? spec.Sign.ToString() : string.Empty;
        prefix += whole && spec.Alternate && type is 'x' or 'X' or 'o' or 'b' ? "0" + type : string.Empty;
        Pad(text, prefix, PyString.Trusted(spec.Grouping == '\0' ? digits : Group(digits, prefix.Length, type is 'b' or 'o' or 'x' or 'X' ? 4 : 3, spec)), spec);
    }

    private static (bool Negative, string Digits) Integer(BigInteger value, char type, FormatSpec spec)
    {
        string? fault = spec.Precision is not null ? "Precision not allowed in integer format specifier"
            : spec.NoNegativeZero ? "Negative zero coercion (z) not allowed in integer format specifier"
            : type == 'c' && spec.Sign != '\0' ? "Sign not allowed with integer format specifier 'c'"
            : type == 'c' && spec.Alternate ? "Alternate form (#) not allowed with integer format specifier 'c'"
            : null;
        if (fault is not null)
        {
            throw JinjaException.Value(fault);
        }

        return type != 'c' ? (value.Sign < 0, NumberFormat.Integer(value, type))
            : value >= 0 && value <= 0x10FFFF ? (false, CodePoints.ToText((int)value))
            : throw JinjaException.Overflow("%c arg not in range(0x110000)");
    }

    private static (bool Negative, string Digits) Float(double value, char type, FormatSpec spec)
    {
        string digits = type == '\0' && spec.Precision is null ? FloatText.Repr(Math.Abs(value))
            : type == '\0' ? NumberFormat.Float(value, 'g', spec.Precision!.Value, spec.Alternate, keepsPoint: true)
            : NumberFormat.Float(value, type == 'n' ? 'g' : type, spec.Precision ?? 6, spec.Alternate);
        bool zero = spec.NoNegativeZero && digits.AsSpan().IndexOfAnyInRange('1', '9') < 0;
        return (double.IsNegative(value) && !double.IsNaN(value) && !(zero && double.IsFinite(value)), digits);
    }

    /// <summary>Puts separators between groups; zeros that pad are grouped too, as CPython does.</summary>
    private static string Group(string digits, int prefix, int size, FormatSpec spec)
    {
        int end = digits.AsSpan().IndexOfAny(".e%");
        end = size == 4 || end < 0 ? digits.Length : end;
        if (!char.IsAsciiHexDigit(digits[0]) || digits is "inf" or "nan" or "INF" or "NAN")
        {
            return digits;
        }

        int wanted = spec.Fill == "0" && spec.Align == '=' ? spec.Width - prefix - (digits.Length - end) : 0;
        Stack<string> groups = [];
        int left = end;
        do
        {
            int taken = Math.Min(size, Math.Max(Math.Max(left, wanted), 1));
            groups.Push(digits[Math.Max(0, left - taken)..left].PadLeft(taken, '0'));
            left = Math.Max(0, left - taken);
            wanted -= taken + 1;
        }
        while (left > 0 || wanted >= 0);

        return string.Join(spec.Grouping, groups) + digits[end..];
    }

    private static void Pad(TextBuilder text, string prefix, PyString body, FormatSpec spec)
    {
        int missing = Math.Max(0, spec.Width - prefix.Length - body.Length);
        int before = spec.Align switch { '<' => 0, '^' => missing / 2, _ => missing };
        PyString fill = PyString.Trusted(spec.Fill);
        text.Append(spec.Align == '=' ? prefix : string.Empty).Repeat(fill, before).Append(spec.Align == '=' ? string.Empty : prefix)
            .Append(body).Repeat(fill, missing - before);
    }
}
