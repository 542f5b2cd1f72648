using System.Globalization;

namespace SkPeft.Engine.Prompting.Jinja.Values;

/// <summary>What Python thinks of single code points.</summary>
internal static class CodePoints
{
    /// <summary>How many UTF-16 units the code point at <paramref name="index"/> takes; an unpaired surrogate takes one.</summary>
    public static int WidthAt(string text, int index) =>
        char.IsHighSurrogate(text[index]) && index + 1 < text.Length && char.IsLowSurrogate(text[index + 1]) ? 2 : 1;

    public static int At(string text, int index) =>
        WidthAt(text, index) == 2 ? char.ConvertToUtf32(text[index], text[index + 1]) : text[index];

    /// <summary>The text of a code point, also of an unpaired surrogate, which <see cref="char.ConvertFromUtf32"/> refuses.</summary>
    public static string ToText(int codePoint) => codePoint > 0xFFFF ? char.ConvertFromUtf32(codePoint) : ((char)codePoint).ToString();

    /// <summary>Python's <c>str.isspace</c> for one character, also what <c>\s</c> and <c>strip</c> mean. All of them are in the BMP.</summary>
    public static bool IsSpace(char c) => char.IsWhiteSpace(c) || c is >= '\x1c' and <= '\x1f';

    public static bool IsPrintable(int codePoint) => codePoint == ' ' || Category(codePoint) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or
        UnicodeCategory.OtherNotAssigned or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.SpaceSeparator);

    public static bool IsAlpha(int codePoint) => Category(codePoint) is UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or
        UnicodeCategory.TitlecaseLetter or UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter;

    public static bool IsDecimal(int codePoint) => Category(codePoint) == UnicodeCategory.DecimalDigitNumber;

    public static bool IsDigit(int codePoint) => CharUnicodeInfo.GetDigitValue(ToText(codePoint), 0) >= 0;

    public static bool IsNumeric(int codePoint) => CharUnicodeInfo.GetNumericValue(ToText(codePoint), 0) >= 0;

    /// <summary>What <c>\w</c> matches.</summary>
    public static bool IsWord(int codePoint) => codePoint == '_' || IsAlpha(codePoint) || IsNumeric(codePoint);

    /// <summary>What may begin a Python name.</summary>
    public static bool IsIdentifierStart(int codePoint) => codePoint == '_' || IsAlpha(codePoint) || Category(codePoint) == UnicodeCategory.LetterNumber;

    /// <summary>What may stand in one.</summary>
    public static bool IsIdentifierPart(int codePoint) => IsIdentifierStart(codePoint) || codePoint == 0xB7 || Category(codePoint) is
        UnicodeCategory.DecimalDigitNumber or UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.ConnectorPunctuation;

    public static bool IsUpper(int codePoint) => Category(codePoint) == UnicodeCategory.UppercaseLetter;

    public static bool IsTitle(int codePoint) => Category(codePoint) == UnicodeCategory.TitlecaseLetter;

    public static bool IsLower(int codePoint) => Category(codePoint) == UnicodeCategory.LowercaseLetter || codePoint is 0xAA or 0xBA;

    public static bool IsCased(int codePoint) => IsUpper(codePoint) || IsLower(codePoint) || IsTitle(codePoint);

    private static UnicodeCategory Category(int codePoint) => CharUnicodeInfo.GetUnicodeCategory(codePoint);
}
