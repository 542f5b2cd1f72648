using System.Globalization;
using System.Numerics;
using SkPeft.Engine.Prompting.Jinja.Runtime;
using SkPeft.Engine.Prompting.Jinja.Semantics;
using SkPeft.Engine.Prompting.Jinja.Values;

namespace SkPeft.Engine.Prompting.Jinja.Library;

/// <summary>Filters on numbers.</summary>
internal static class NumberFilters
{
    private static readonly Signature s_int = new("int", "default?", "base?");
    private static readonly Signature s_float = new("float", "default?");
    private static readonly Signature s_round = new("round", "precision?", "method?");
    private static readonly Signature s_size = new("filesizeformat", "binary?");

    public static void Register(Action<string, FilterBody> add)
    {
        add("int", (_, v, a) => ToInt(v, s_int.Bind(a)));
        add("float", (_, v, a) => ToFloat(v, s_float.Bind(a)));
        add("abs", (_, v, _) => Abs(v));
        add("round", (r, v, a) => Round(r, v, s_round.Bind(a)));
        add("filesizeformat", (_, v, a) => FileSize(v, s_size.Bind(a).Flag(0)));
    }

    private static object? ToInt(object? value, Signature.Bound arguments)
    {
        object? otherwise = arguments.Value(0, BigInteger.Zero);
        switch (value)
        {
            case double d:
                return double.IsFinite(d) ? new BigInteger(Math.Truncate(d)) : otherwise;
            case PyString s:
                string text = s.Text.Trim().Replace("_", string.Empty, StringComparison.Ordinal);
                if (arguments.Int(1, 10) is var radix && radix != 10)
                {
                    return Radix(text, radix) ?? otherwise;
                }

                return text.Length <= FloatText.MaxIntDigits && BigInteger.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out BigInteger whole) ? whole
                    : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number) ? new BigInteger(Math.Truncate(number))
                    : otherwise;
            default:
                return Numbers.TryInt(value, out BigInteger i) ? i : otherwise;
        }
    }

    private static object? Radix(string text, int radix)
    {
        bool negative = text.StartsWith('-');
        text = text.TrimStart('-', '+').ToLowerInvariant();
        string prefix = radix switch { 16 => "0x", 8 => "0o", 2 => "0b", _ => string.Empty };
        text = prefix.Length > 0 && text.StartsWith(prefix, StringComparison.Ordinal) ? text[2..] : text;
        BigInteger value = BigInteger.Zero;
        foreach (char c in text)
        {
            int digit = char.IsAsciiDigit(c) ? c - '0' : c is >= 'a' and <= 'z' ? c - 'a' + 10 : 99;
            if (digit >= radix || text.Length > FloatText.MaxIntDigits)
            {
                return null;
            }

            value = (value * radix) + digit;
        }

        return text.Length == 0 ? null : negative ? -value : value;
    }

    private static object? ToFloat(object? value, Signature.Bound arguments) => value switch
    {
        _ when Numbers.IsNumber(value) => Numbers.ToDouble(value!),
        PyString s when double.TryParse(s.Text.Trim(), NumberStyles.Float, CultureInfo.InvariantCulture, out double d) => d,
        _ => arguments.Value(0, 0.0),
    };

    private static object Abs(object? value) => value switch
    {
        double d => Math.Abs(d),
        PyUndefined u => throw u.Error(),
        _ => Numbers.TryInt(value, out BigInteger i) ? BigInteger.Abs(i) : throw JinjaException.Type($"bad operand type for abs(): '{PyType.NameOf(value)}'"),
    };

    private static object? Round(Renderer renderer, object? value, Signature.Bound arguments)
    {
        string method = arguments.Text(1, "common").Text;
        int precision = Math.Clamp(arguments.Int(0), -400, 400);
        if (!Numbers.IsNumber(value))
        {
            throw value is PyUndefined u ? u.Error() : JinjaException.Type($"type {PyType.NameOf(value)} doesn't define __round__ method");
        }

        if (method == "common")
        {
            return value is double d ? ExactDecimal.Round(d, precision) : value is bool flag ? (flag ? BigInteger.One : BigInteger.Zero) : value;
        }

        double scale = Math.Pow(10, precision);
        double scaled = Numbers.ToDouble(value!) * scale;
        return method switch
        {
            "ceil" => Math.Ceiling(scaled) / scale,
            "floor" => Math.Floor(scaled) / scale,
            _ => throw JinjaException.Argument("method must be common, ceil or floor"),
        };
    }

    private static PyString FileSize(object? value, bool binary)
    {
        double bytes = Numbers.IsNumber(value) ? Numbers.ToDouble(value!) : throw JinjaException.Type("filesizeformat needs a number");
        double unit = binary ? 1024 : 1000;
        if (bytes == 1 || bytes < unit)
        {
            return PyString.Trusted(bytes == 1 ? "1 Byte" : string.Create(CultureInfo.InvariantCulture, $"{(long)bytes} Bytes"));
        }

        string[] names = binary ? ["KiB", "MiB", "GiB", "TiB", "PiB", "EiB", "ZiB", "YiB"] : ["kB", "MB", "GB", "TB", "PB", "EB", "ZB", "YB"];
        int i = 0;
        for (bytes /= unit; bytes >= unit && i < names.Length - 1; i++)
        {
            bytes /= unit;
        }

        return PyString.Trusted($"{ExactDecimal.Fixed(bytes, 1)} {names[i]}");
    }
}
