namespace SkPeft.Engine.Tokenization.Bpe;

/// <summary>
/// Which characters stand side by side in some token. Where two characters of a text never do, no merge reaches across. A table
/// by hash: two pairs that share a place only mean a border less.
/// </summary>
internal sealed class Neighbours
{
    private readonly ulong[] _pairs = new ulong[1 << 14];

    public Neighbours(Vocabulary vocabulary)
    {
        foreach (string? token in vocabulary.Texts)
        {
            for (int i = 1; i < token?.Length; i++)
            {
                uint place = PlaceOf(token[i - 1], token[i]);
                _pairs[place >> 6] |= 1UL << (int)(place & 63);
            }
        }
    }

    /// <summary>
    /// Whether no merge reaches from one character to the next. Only known for characters that are tokens themselves: others become
    /// byte tokens, whose spelling has nothing to do with the character.
    /// </summary>
    public bool IsBorder(char first, char second, int[] idOfCharacter)
    {
        uint place = PlaceOf(first, second);
        return (_pairs[place >> 6] & (1UL << (int)(place & 63))) == 0 && idOfCharacter[first] >= 0 && idOfCharacter[second] >= 0;
    }

    private static uint PlaceOf(char first, char second) => (((uint)first << 16) | second) * 0x9E3779B1 >> 12;
}
