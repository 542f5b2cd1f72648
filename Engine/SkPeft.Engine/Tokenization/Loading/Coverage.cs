using SkPeft.Engine.Tokenization.Bpe;
using SkPeft.Engine.Tokenization.Unicode;

namespace SkPeft.Engine.Tokenization.Loading;

/// <summary>Makes sure that a vocabulary can spell ordinary text: characters that vanished without a word would be a wrong answer.</summary>
internal static class Coverage
{
    public static void Check(string file, Vocabulary vocabulary, BpeOptions options, bool isByteLevel)
    {
        if (options.Unknown is not null)
        {
            return;
        }

        if (!isByteLevel && !options.ByteFallback)
        {
            throw new UnsupportedModelException(
                file, "model.unk_token", "null, without byte-level tokens or byte_fallback", "a vocabulary that can spell every text, or an unk_token");
        }

        for (int value = 0; value < 256; value++)
        {
            string spelling = isByteLevel ? ByteAlphabet.Characters[value].ToString() : ByteAlphabet.FallbackSpelling(value);
            if (IsNeeded(value, isByteLevel) && vocabulary.IdOf(spelling) is null)
            {
                throw new FileFormatException(file, "vocabulary", $"no token {JsonPart.Quote(spelling)} for byte 0x{value:X2}", "a token for the byte, or an unk_token");
            }
        }
    }

    /// <summary>
    /// Published byte-level vocabularies lack rare control characters and lead bytes (SmolLM2's lacks 0x04 and 0xF1, for instance), and the
    /// reference leaves those out of the ids; printable ASCII they all have. Byte fallback needs every byte that occurs in UTF-8.
    /// </summary>
    private static bool IsNeeded(int value, bool isByteLevel) => isByteLevel ? value is '\n' or (>= ' ' and <= '~') : value is not (0xC0 or 0xC1 or >= 0xF5);
}
