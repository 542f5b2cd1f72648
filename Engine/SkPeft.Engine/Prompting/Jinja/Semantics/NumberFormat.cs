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
            'o' => Octal(magnitude),
            'b' => Binary(magnitude),
            _ => FloatText.Int(magnitude),
        };
    }

    /// <summary>The digits of |value| in one of <c>e E f F g G %</c>.</summary>
    /// <param name="value">The number.</param>
    /// <param name="type">How it is written.</param>
    /// <param name="precision">Digits after the point; for <c>g</c> significant ones.</param>
    /// <param name="alternate">Python's <c>#</c>: the point and <c>g</c>'s trailing zeros stay.</param>
    /// <param name="keepsPoint">Python's format without a type: as <c>g</c>, but a float looks like one.</param>
    public static string Float(double value, char type, int precision, bool alternate = false, bool keepsPoint = false)
    {
        if (precision > MaxPrecision)
        {
            throw JinjaException.Limit($"a precision of {precision} is more than the {MaxPrecision} allowed");
        }

        if (!double.IsFinite(value))
        {
            string name = (double.IsNaN(value) ? "nan" : "inf") + (type == '%' ? "%" : string.Empty);
            return char.IsUpper(type) ? name.ToUpperInvariant() : name;
        }

        double magnitude = Math.Abs(value);
        return type switch
        {
            'f' or 'F' => ExactDecimal.Fixed(magnitude, precision) + (alternate && precision == 0 ? "." : string.Empty),
            '%' => ExactDecimal.Fixed(magnitude * 100, precision) + (alternate && precision == 0 ? ".%" : "%"),
            'e' or 'E' => Exponential(magnitude, precision, type, alternate),
            _ => General(magnitude, Math.Max(1, precision), type, alternate, keepsPoint),
        };
    }

    private static string Exponential(double value, int precision, char type, bool alternate)
    {
        string text = value.ToString((type == 'E' ? "E" : "e") + precision.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        int at = text.IndexOf(type, StringComparison.Ordinal);
        int exponent = int.Parse(text.AsSpan(at + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        string tail = FloatText.Exponent(exponent);
        return text[..at] + (alternate && precision == 0 ? "." : string.Empty) + (type == 'E' ? tail.ToUpperInvariant() : tail);
    }

    private static string General(double value, int precision, char type, bool alternate, bool keepsPoint)
    {
        string scientific = Exponential(value, precision - 1, char.IsUpper(type) ? 'E' : 'e', alternate);
        int at = scientific.IndexOfAny(['e', 'E']);
        int exponent = int.Parse(scientific.AsSpan(at + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        if (exponent < -4 || exponent >= precision - (keepsPoint ? 1 : 0))
        {
            return (alternate ? scientific[..at] : Trim(scientific[..at])) + scientific[at..];
        }

        string plain = ExactDecimal.Fixed(value, Math.Max(0, precision - 1 - exponent));
        plain = alternate ? plain : Trim(plain);
        return plain.Contains('.', StringComparison.Ordinal) ? plain : plain + (keepsPoint ? ".0" : alternate ? "." : string.Empty);
    }

    private static string Trim(string digits) => digits.Contains('.', StringComparison.Ordinal) ? digits.TrimEnd('0').TrimEnd('.') : digits;

    private static string Hex(BigInteger value) => value.IsZero ? "0" : value.ToString("X", CultureInfo.InvariantCulture).TrimStart('0');

    private static string Binary(BigInteger value) => value.IsZero ? "0" : value.ToString("B", CultureInfo.InvariantCulture).TrimStart('0');

    private static string Octal(BigInteger value)
    {
        string bits = Binary(value);
        bits = bits.PadLeft((bits.Length + 2) / 3 * 3, '0');
        return string.Create(bits.Length / 3, bits, static (digits, source) =>
        {
            for (int i = 0; i < digits.Length; i++)
            {
                digits[i] = (char)('0' + ((source[3 * i] - '0') * 4) + ((source[(3 * i) + 1] - '0') * 2) + source[(3 * i) + 2] - '0');
            }
        });
    }
}
