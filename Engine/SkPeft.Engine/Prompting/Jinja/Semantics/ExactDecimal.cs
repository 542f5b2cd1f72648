using System.Globalization;
using System.Numerics;

namespace SkPeft.Engine.Prompting.Jinja.Semantics;

/// <summary>Decimal rounding of a double by its exact value, ties to even, as C's printf and Python's round do.</summary>
internal static class ExactDecimal
{
    /// <summary>The digits of <c>|value|</c> with <paramref name="decimals"/> (0…1000) places after the point; the value is finite.</summary>
    public static string Fixed(double value, int decimals)
    {
        string digits = Scaled(Math.Abs(value), decimals).ToString(CultureInfo.InvariantCulture).PadLeft(decimals + 1, '0');
        return decimals == 0 ? digits : $"{digits[..^decimals]}.{digits[^decimals..]}";
    }

    /// <summary>round(value, decimals) for decimals from -400 to 400.</summary>
    public static double Round(double value, int decimals)
    {
        if (!double.IsFinite(value) || value == 0)
        {
            return value;
        }

        string text = Scaled(Math.Abs(value), decimals).ToString(CultureInfo.InvariantCulture) + "E" +
            (-decimals).ToString(CultureInfo.InvariantCulture);
        return Math.CopySign(double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture), value);
    }

    /// <summary>value · 10^decimals, rounded to an integer, ties to even.</summary>
    private static BigInteger Scaled(double value, int decimals)
    {
        long bits = BitConverter.DoubleToInt64Bits(value);
        int exponent = (int)((bits >> 52) & 0x7FF);
        BigInteger numerator = (bits & 0xFFFFFFFFFFFFFL) | (exponent == 0 ? 0 : 1L << 52);
        int power = Math.Max(exponent, 1) - 1075;
        BigInteger denominator = BigInteger.One;
        if (power >= 0)
        {
            numerator <<= power;
        }
        else
        {
            denominator <<= -power;
        }

        if (decimals >= 0)
        {
            numerator *= BigInteger.Pow(10, decimals);
        }
        else
        {
            denominator *= BigInteger.Pow(10, -decimals);
        }

        BigInteger whole = BigInteger.DivRem(numerator, denominator, out BigInteger rest);
        int tie = (rest * 2).CompareTo(denominator);
        return tie > 0 || (tie == 0 && !whole.IsEven) ? whole + 1 : whole;
    }
}
