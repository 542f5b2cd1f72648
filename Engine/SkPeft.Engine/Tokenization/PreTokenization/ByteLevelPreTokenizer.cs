using System.Text;
using SkPeft.Engine.Tokenization.Unicode;

namespace SkPeft.Engine.Tokenization.PreTokenization;

/// <summary>GPT-2's stage: a space in front where asked for, its cut into words, and bytes in their disguise.</summary>
internal sealed class ByteLevelPreTokenizer(bool addPrefixSpace, bool useRegex) : PreTokenizer
{
    private static readonly SplitPreTokenizer s_words = new(WordScanner.Gpt2, SplitBehavior.Isolated, invert: false);

    public override void Apply(Pieces pieces)
    {
        if (addPrefixSpace)
        {
            pieces.Rewrite(AddSpace);
        }

        if (useRegex)
        {
            s_words.Apply(pieces);
        }

        pieces.Rewrite(Disguise);
    }

    private static void AddSpace(Pieces pieces, int number, (int Start, int Length) range)
    {
        if (pieces[range][0] != ' ')
        {
            pieces.Write(' ');
        }

        pieces.Write(pieces[range]);
    }

    private static void Disguise(Pieces pieces, int number, (int Start, int Length) range)
    {
        ReadOnlySpan<char> characters = ByteAlphabet.Characters;
        Span<byte> bytes = stackalloc byte[4];
        foreach (Rune rune in pieces[range].EnumerateRunes())
        {
            if (rune.IsAscii)
            {
                pieces.Write(characters[rune.Value]);
                continue;
            }

            int count = rune.EncodeToUtf8(bytes);
            for (int i = 0; i < count; i++)
            {
                pieces.Write(characters[bytes[i]]);
            }
        }
    }
}
