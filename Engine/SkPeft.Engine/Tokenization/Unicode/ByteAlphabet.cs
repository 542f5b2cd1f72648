using System.Globalization;

namespace SkPeft.Engine.Tokenization.Unicode;

/// <summary>
/// GPT-2's disguise of bytes as printable characters: those that print stand for themselves, the others become
/// U+0100, U+0101, … in order. Also the <c>&lt;0x0A&gt;</c> spelling of SentencePiece.
/// </summary>
internal static class ByteAlphabet
{
    private const int Count = 0x144;

    private static readonly char[] s_charOf = new char[256];
    private static readonly short[] s_byteOf = new short[Count];

    static ByteAlphabet()
    {
        Array.Fill(s_byteOf, (short)-1);
        int next = 0x100;
        for (int value = 0; value < 256; value++)
        {
            bool prints = value is (>= '!' and <= '~') or (>= 0xA1 and <= 0xAC) or >= 0xAE;
            s_charOf[value] = (char)(prints ? value : next++);
            s_byteOf[s_charOf[value]] = (short)value;
        }
    }

    /// <summary>The character for each byte.</summary>
    public static ReadOnlySpan<char> Characters => s_charOf;

    /// <summary>The bytes of a disguised text; false where a character is no disguise.</summary>
    public static bool TryGetBytes(string text, out byte[] bytes)
    {
        bytes = new byte[text.Length];
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] >= Count || s_byteOf[text[i]] < 0)
            {
                bytes = [];
                return false;
            }

            bytes[i] = (byte)s_byteOf[text[i]];
        }

        return true;
    }

    /// <summary>The spelling of a byte in SentencePiece vocabularies.</summary>
    public static string FallbackSpelling(int value) => $"<0x{value:X2}>";

    /// <summary>Reads the spelling of a byte.</summary>
    public static bool TryParseFallback(ReadOnlySpan<char> token, out byte value)
    {
        value = 0;
        return token.Length == 6 && token.StartsWith("<0x", StringComparison.Ordinal) && token[5] == '>'
            && byte.TryParse(token[3..5], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);
    }
}
