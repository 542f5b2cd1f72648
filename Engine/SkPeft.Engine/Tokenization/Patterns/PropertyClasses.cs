using System.Globalization;
using SkPeft.Engine.Tokenization.Unicode;

namespace SkPeft.Engine.Tokenization.Patterns;

/// <summary>Classes by name, as in <c>\p{Lu}</c>, and by letter, as in <c>\s</c>.</summary>
internal static class PropertyClasses
{
    private static readonly string[] s_categories =
        ["Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Me", "Nd", "Nl", "No", "Zs", "Zl", "Zp", "Cc", "Cf", "Cs", "Co", "Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po", "Sm", "Sc", "Sk", "So", "Cn"];

    private static readonly Dictionary<string, string> s_longNames = new(StringComparer.OrdinalIgnoreCase)
    {
        ["Letter"] = "L",
        ["Mark"] = "M",
        ["Number"] = "N",
        ["Punctuation"] = "P",
        ["Symbol"] = "S",
        ["Separator"] = "Z",
        ["Other"] = "C",
        ["UppercaseLetter"] = "Lu",
        ["LowercaseLetter"] = "Ll",
        ["DecimalNumber"] = "Nd",
    };

    private static readonly CodePointSet s_letter = new(CharacterClasses.IsLetter);
    private static readonly CodePointSet s_number = new(CharacterClasses.IsNumber);

    public static CodePointSet White { get; } = new(CharacterClasses.IsWhite);

    public static CodePointSet Word { get; } = new(CharacterClasses.IsWord);

    public static CodePointSet Digit { get; } = new(c => CharUnicodeInfo.GetUnicodeCategory(c) == UnicodeCategory.DecimalDigitNumber);

    public static CodePointSet HexDigit { get; } = new(c => c < 128 && char.IsAsciiHexDigit((char)c));

    public static CodePointSet? ByName(string name)
    {
        name = name.Replace("_", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal);
        name = s_longNames.GetValueOrDefault(name, name);
        switch (name.ToUpperInvariant())
        {
            case "L":
                return s_letter;
            case "N":
                return s_number;
            case "SPACE":
                return White;
            case "WORD":
                return Word;
            case "DIGIT":
                return Digit;
        }

        bool[] isIn = [.. s_categories.Select(c => name.Length is 1 or 2 && c.StartsWith(name, StringComparison.OrdinalIgnoreCase))];
        return isIn.Any(i => i) ? new CodePointSet(c => isIn[(int)CharUnicodeInfo.GetUnicodeCategory(c)]) : null;
    }
}
