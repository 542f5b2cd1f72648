using SkPeft.Engine.Tokenization.Bpe;
using SkPeft.Engine.Tokenization.Unicode;

namespace SkPeft.Engine.Tokenization.Loading;

/// <summary>Makes sure that a vocabulary can spell every text: a character that vanished without a word would be a wrong answer.</summary>
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
            // These never occur in UTF-8.
            bool isImpossible = value is 0xC0 or 0xC1 or >= 0xF5;
            if (!isImpossible && vocabulary.IdOf(spelling) is null)
            {
                throw new FileFormatException(file, "vocabulary", $"no token {JsonPart.Quote(spelling)} for byte 0x{value:X2}", "a token for every byte, or an unk_token");
            }
        }
    }
}
