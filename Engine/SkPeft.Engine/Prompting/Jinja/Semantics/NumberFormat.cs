using System.Globalization;
using System.Numerics;
using SkPeft.Engine.Prompting.Jinja.Values;

namespace SkPeft.Engine.Prompting.Jinja.Semantics;

/// <summary>Numbers in the presentation types that Python's two formatting languages share.</summary>
internal static class NumberFormat
{
    private const int MaxPrecision = 1000;

    /// <summary>The digits of |value| in one of <c>d b o x X n</c>.</summary>
    public static string Integer(BigInteger value, char type)
    {
        BigInteger magnitude = BigInteger.Abs(value);
        return type switch
        {
            'x' => Hex(magnitude).ToLowerInvariant(),
            'X' => Hex(magnitude),
            'o' => Radix(magnitude, 3),
            'b' => Radix(magnitude, 1),
            _ => FloatText.Int(magnitude),
        };
    }

    /// <summary>The digits of |value| in one of <c>e E f F g G %</c>.</summary>
    public static string Float(double value, char type, int precision)
    {
        if (precision > MaxPrecision)
        {
            throw JinjaException.Limit($"a precision of {precision} is more than the {MaxPrecision} allowed");
        }

        if (!double.IsFinite(value))
        {
            string name = double.IsNaN(value) ? "nan" : "inf";
            return char.IsUpper(type) ? name.ToUpperInvariant() : name;
        }

        double magnitude = Math.Abs(value);
        return type switch
        {
            'f' or 'F' => ExactDecimal.Fixed(magnitude, precision),
            '%' => ExactDecimal.Fixed(magnitude * 100, precision) + "%",
            'e' or 'E' => Exponential(magnitude, precision, type),
            _ => General(magnitude, Math.Max(1, precision), type),
        };
    }

    private static string Exponential(double value, int precision, char type)
    {
        string text = value.ToString((type == 'E' ? "E" : "e") + precision.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        int at = text.IndexOf(type, StringComparison.Ordinal);
        int exponent = int.Parse(text.AsSpan(at + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        string tail = FloatText.Exponent(exponent);
        return text[..at] + (type == 'E' ? tail.ToUpperInvariant() : tail);
    }

    private static string General(double value, int precision, char type)
    {
        string scientific = Exponential(value, precision - 1, char.IsUpper(type) ? 'E' : 'e');
        int at = scientific.IndexOfAny(['e', 'E']);
        int exponent = int.Parse(scientific.AsSpan(at + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        return exponent < -4 || exponent >= precision
            ? Trim(scientific[..at]) + scientific[at..]
            : Trim(ExactDecimal.Fixed(value, Math.Max(0, precision - 1 - exponent)));
    }

    private static string Trim(string digits) => digits.Contains('.', StringComparison.Ordinal) ? digits.TrimEnd('0').TrimEnd('.') : digits;

    private static string Hex(BigInteger value) => value.IsZero ? "0" : value.ToString("X", CultureInfo.InvariantCulture).TrimStart('0');

    private static string Radix(BigInteger value, int bits)
    {
        if (value.IsZero)
        {
            return "0";
        }

        System.Text.StringBuilder text = new();
        for (BigInteger rest = value; !rest.IsZero; rest >>= bits)
        {
            text.Insert(0, (char)('0' + (int)(rest & ((1 << bits) - 1))));
        }

        return text.ToString();
    }
}
