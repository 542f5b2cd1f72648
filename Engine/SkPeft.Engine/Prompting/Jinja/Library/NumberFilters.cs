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
        add("int", (r, v, a) => ToInt(Paid(r, v), s_int.Bind(a)));
        add("float", (r, v, a) => ToFloat(Paid(r, v), s_float.Bind(a)));
        add("abs", (_, v, _) => Abs(v));
        add("round", (r, v, a) => Round(r, v, s_round.Bind(a)));
        add("filesizeformat", (_, v, a) => FileSize(v, s_size.Bind(a).Flag(0)));
    }

    // Long digits are read in quadratic time, up to Python's limit on them.
    private static object? Paid(Renderer renderer, object? value)
    {
        int length = (value as PyString)?.Text.Length ?? 0;
        renderer.Budget.Read(length);
        renderer.Budget.Digits(4L * Math.Min(length, FloatText.MaxIntDigits));
        return value;
    }

    private static object? ToInt(object? value, Signature.Bound arguments)
    {
        object? otherwise = arguments.Value(0, BigInteger.Zero);
        switch (value)
        {
            case PyUndefined undefined:
                throw undefined.Error();
            case double d:
                return double.IsNaN(d) ? otherwise
                    : double.IsFinite(d) ? new BigInteger(Math.Truncate(d))
                    : throw JinjaException.Overflow("cannot convert float infinity to integer");
            case PyString s:
                return NumberText.Int(s.Text, arguments.Int(1, 10)) is { } whole ? whole
                    : NumberText.Float(s.Text) is { } number && double.IsFinite(number) ? new BigInteger(Math.Truncate(number))
                    : otherwise;
            default:
                return Numbers.TryInt(value, out BigInteger i) ? i : otherwise;
        }
    }

    private static object? ToFloat(object? value, Signature.Bound arguments) => value switch
    {
        PyUndefined u => throw u.Error(),
        _ when Numbers.IsNumber(value) => Numbers.ToDouble(value!),
        PyString s when NumberText.Float(s.Text) is { } d => d,
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

        renderer.Budget.Digits(4L * Math.Abs(precision));
        if (method == "common")
        {
            return value is double d ? ExactDecimal.Round(d, precision) : RoundInt(Numbers.TryInt(value, out BigInteger i) ? i : default, precision);
        }

        double scale = Math.Pow(10, precision);
        double scaled = Numbers.ToDouble(value!) * scale;
        double whole = !double.IsFinite(scaled) ? throw JinjaException.Overflow("cannot convert a float that is not finite to integer") : method switch
        {
            "ceil" => Math.Ceiling(scaled),
            "floor" => Math.Floor(scaled),
            _ => throw JinjaException.Argument("method must be common, ceil or floor"),
        };
        // Python's ceil and floor make ints, which have no negative zero.
        return (whole + 0.0) / scale;
    }

    // To tens, hundreds …, ties to even.
    private static object RoundInt(BigInteger value, int precision)
    {
        if (precision >= 0)
        {
            return value;
        }

        BigInteger unit = BigInteger.Pow(10, -precision);
        BigInteger quotient = BigInteger.DivRem(BigInteger.Abs(value), unit, out BigInteger rest);
        int tie = (rest * 2).CompareTo(unit);
        quotient += tie > 0 || (tie == 0 && !quotient.IsEven) ? 1 : 0;
        return quotient * unit * value.Sign;
    }

    private static PyString FileSize(object? value, bool binary)
    {
        double bytes = value switch
        {
            PyUndefined u => throw u.Error(),
            PyString s => NumberText.Float(s.Text) ?? throw JinjaException.Value("could not convert string to float"),
            _ => Numbers.IsNumber(value) ? Numbers.ToDouble(value!) : throw JinjaException.Type("filesizeformat needs a number"),
        };
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
