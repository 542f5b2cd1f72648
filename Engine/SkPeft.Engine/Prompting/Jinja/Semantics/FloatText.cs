using System.Globalization;
using System.Numerics;

namespace SkPeft.Engine.Prompting.Jinja.Semantics;

/// <summary>Numbers as Python prints them.</summary>
internal static class FloatText
{
    /// <summary>Python's limit on digits of an int that becomes text or comes from it (sys.int_info.default_max_str_digits).</summary>
    public const int MaxIntDigits = 4300;

    public static string Int(BigInteger value) => value.GetBitLength() > 3.3219 * MaxIntDigits
        ? throw Values.JinjaException.Value($"Exceeds the limit ({MaxIntDigits} digits) for integer string conversion")
        : value.ToString(CultureInfo.InvariantCulture);

    /// <summary>float.__repr__: the shortest digits that read back as the same number; exponents below -4 and from 16 on.</summary>
    public static string Repr(double value)
    {
        if (!double.IsFinite(value))
        {
            return double.IsNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
        }

        string shortest = value.ToString("R", CultureInfo.InvariantCulture);
        (string digits, int exponent) = Split(shortest.TrimStart('-'));
        string body = exponent is < -4 or >= 16
            ? digits[..1] + (digits.Length > 1 ? "." + digits[1..] : string.Empty) + Exponent(exponent)
            : Positional(digits, exponent);
        return double.IsNegative(value) ? "-" + body : body;
    }

    /// <summary><c>e+07</c>: a sign and at least two digits.</summary>
    public static string Exponent(int exponent) =>
        (exponent < 0 ? "e-" : "e+") + Math.Abs(exponent).ToString("00", CultureInfo.InvariantCulture);

    /// <summary>Significant digits without leading or trailing zeros, and the decimal exponent of the first.</summary>
    private static (string Digits, int Exponent) Split(string text)
    {
        int e = text.IndexOf('E', StringComparison.Ordinal);
        int exponent = e < 0 ? 0 : int.Parse(text.AsSpan(e + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        string mantissa = e < 0 ? text : text[..e];
        int point = mantissa.IndexOf('.', StringComparison.Ordinal);
        string digits = mantissa.Replace(".", string.Empty, StringComparison.Ordinal);
        exponent += (point < 0 ? mantissa.Length : point) - 1;
        string trimmed = digits.TrimStart('0');
        exponent -= digits.Length - trimmed.Length;
        trimmed = trimmed.TrimEnd('0');
        return trimmed.Length == 0 ? ("0", 0) : (trimmed, exponent);
    }

    private static string Positional(string digits, int exponent)
    {
        if (exponent < 0)
        {
            return "0." + new string('0', -exponent - 1) + digits;
        }

        string padded = digits.PadRight(exponent + 2, '0');
        return padded[..(exponent + 1)] + "." + padded[(exponent + 1)..];
    }
}
