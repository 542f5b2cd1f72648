using System.Buffers;
using System.Globalization;
using System.Numerics;
using SkPeft.Engine.Prompting.Jinja.Values;

namespace SkPeft.Engine.Prompting.Jinja.Semantics;

/// <summary>Numbers as Python's <c>int(text, base)</c> and <c>float(text)</c> read them; null where they raise ValueError.</summary>
internal static class NumberText
{
    private static readonly SearchValues<char> s_floatCharacters = SearchValues.Create("0123456789+-.eE");

    public static BigInteger? Int(string text, int radix)
    {
        string digits = Plain(text);
        bool negative = digits.StartsWith('-');
        digits = negative || digits.StartsWith('+') ? digits[1..] : digits;
        int prefix = digits.Length > 1 && digits[0] == '0' ? char.ToLowerInvariant(digits[1]) switch { 'x' => 16, 'o' => 8, 'b' => 2, _ => 0 } : 0;
        if (prefix > 0 && radix is 0 || prefix == radix)
        {
            radix = prefix;
            digits = digits.Length > 2 && digits[2] == '_' ? digits[3..] : digits[2..];
        }
        else if (radix == 0)
        {
            // Python's literals: ten, and no leading zeros but for zero itself.
            radix = digits.StartsWith('0') && digits.Trim('0', '_').Length > 0 ? 1 : 10;
        }

        if (radix is < 2 or > 36 || digits.Length > FloatText.MaxIntDigits || !TryDropUnderscores(ref digits, char.IsAsciiLetterOrDigit))
        {
            return null;
        }

        if (radix == 10 && digits.Length > 0 && digits.All(char.IsAsciiDigit))
        {
            BigInteger plain = BigInteger.Parse(digits, CultureInfo.InvariantCulture);
            return negative ? -plain : plain;
        }

        BigInteger value = BigInteger.Zero;
        foreach (char c in digits)
        {
            int digit = char.IsAsciiDigit(c) ? c - '0' : char.IsAsciiLetter(c) ? char.ToLowerInvariant(c) - 'a' + 10 : radix;
            if (digit >= radix)
            {
                return null;
            }

            value = (value * radix) + digit;
        }

        return digits.Length == 0 ? null : negative ? -value : value;
    }

    public static double? Float(string text)
    {
        string digits = Plain(text);
        switch (digits.TrimStart('+', '-').ToLowerInvariant())
        {
            case "inf" or "infinity" when digits.Length - digits.TrimStart('+', '-').Length <= 1:
                return digits.StartsWith('-') ? double.NegativeInfinity : double.PositiveInfinity;
            case "nan" when digits.Length <= 4:
                return double.NaN;
        }

        return TryDropUnderscores(ref digits, char.IsAsciiDigit)
            && digits.AsSpan().IndexOfAnyExcept(s_floatCharacters) < 0
            && double.TryParse(digits, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) ? value : null;
    }

    /// <summary>Without white space around it, and with ASCII digits for those of other scripts.</summary>
    private static string Plain(string text)
    {
        string inner = TextParts.Strip(PyString.Trusted(text), null, true, true).Text;
        if (inner.All(char.IsAscii))
        {
            return inner;
        }

        System.Text.StringBuilder plain = new();
        for (int i = 0; i < inner.Length; i += CodePoints.WidthAt(inner, i))
        {
            int c = CodePoints.At(inner, i);
            plain.Append(CodePoints.IsDecimal(c) ? ((int)CharUnicodeInfo.GetNumericValue(inner, i)).ToString(CultureInfo.InvariantCulture) : CodePoints.ToText(c));
        }

        return plain.ToString();
    }

    /// <summary>Underscores may stand between two digits, and nowhere else.</summary>
    private static bool TryDropUnderscores(ref string text, Func<char, bool> isDigit)
    {
        for (int i = text.IndexOf('_', StringComparison.Ordinal); i >= 0; i = text.IndexOf('_', i + 1))
        {
            if (i == 0 || i + 1 == text.Length || !isDigit(text[i - 1]) || !isDigit(text[i + 1]))
            {
                return false;
            }
        }

        text = text.Replace("_", string.Empty, StringComparison.Ordinal);
        return true;
    }
}
