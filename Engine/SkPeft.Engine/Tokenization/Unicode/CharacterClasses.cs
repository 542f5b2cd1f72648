using System.Globalization;

namespace SkPeft.Engine.Tokenization.Unicode;

/// <summary>The classes that pre-tokenisers ask for, on whole code points (Unicode 16, as the reference's regex library has it).</summary>
internal static class CharacterClasses
{
    private const byte Letter = 1;
    private const byte Number = 2;
    private const byte White = 4;

    private static readonly byte[] s_basicPlane = Build();

    /// <summary><c>\p{L}</c>.</summary>
    public static bool IsLetter(int codePoint) => (Of(codePoint) & Letter) != 0;

    /// <summary><c>\p{N}</c>.</summary>
    public static bool IsNumber(int codePoint) => (Of(codePoint) & Number) != 0;

    /// <summary><c>\s</c>: White_Space, no character of which lies outside the basic plane.</summary>
    public static bool IsWhite(int codePoint) => (Of(codePoint) & White) != 0;

    /// <summary><c>[^\s\p{L}\p{N}]</c>.</summary>
    public static bool IsOther(int codePoint) => Of(codePoint) == 0;

    /// <summary><c>\w</c>, near enough: letters, marks, digits, connectors, joiners.</summary>
    public static bool IsWord(int codePoint) => CharUnicodeInfo.GetUnicodeCategory(codePoint) is
        <= UnicodeCategory.LetterNumber or UnicodeCategory.ConnectorPunctuation || codePoint is 0x200C or 0x200D;

    /// <summary>ASCII punctuation and symbols, or <c>\p{P}</c>.</summary>
    public static bool IsPunctuation(int codePoint) => codePoint < 0x80
        ? codePoint is (>= '!' and <= '/') or (>= ':' and <= '@') or (>= '[' and <= '`') or (>= '{' and <= '~')
        : CharUnicodeInfo.GetUnicodeCategory(codePoint) is >= UnicodeCategory.ConnectorPunctuation and <= UnicodeCategory.OtherPunctuation;

    private static byte Of(int codePoint) => codePoint < 0x10000 ? s_basicPlane[codePoint] : Classify(codePoint);

    private static byte Classify(int codePoint) => CharUnicodeInfo.GetUnicodeCategory(codePoint) switch
    {
        <= UnicodeCategory.OtherLetter => Letter,
        UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber => Number,
        _ => 0,
    };

    private static byte[] Build()
    {
        byte[] table = new byte[0x10000];
        for (int c = 0; c < table.Length; c++)
        {
            table[c] = char.IsWhiteSpace((char)c) ? White : Classify(c);
        }

        return table;
    }
}
