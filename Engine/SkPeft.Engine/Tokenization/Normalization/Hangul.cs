namespace SkPeft.Engine.Tokenization.Normalization;

/// <summary>Hangul syllables are composed by arithmetic (Unicode 16, §3.12).</summary>
internal static class Hangul
{
    private const int Syllables = 0xAC00;
    private const int Leading = 0x1100;
    private const int Vowels = 0x1161;
    private const int Trailing = 0x11A7;
    private const int LeadingCount = 19;
    private const int VowelCount = 21;
    private const int TrailingCount = 28;
    private const int Count = LeadingCount * VowelCount * TrailingCount;

    public static bool TryDecompose(int codePoint, out int leading, out int vowel, out int trailing)
    {
        int index = codePoint - Syllables;
        leading = Leading + (index / (VowelCount * TrailingCount));
        vowel = Vowels + (index / TrailingCount % VowelCount);
        trailing = index % TrailingCount == 0 ? 0 : Trailing + (index % TrailingCount);
        return index is >= 0 and < Count;
    }

    public static int? Compose(int first, int second)
    {
        if (first is >= Leading and < Leading + LeadingCount && second is >= Vowels and < Vowels + VowelCount)
        {
            return Syllables + ((((first - Leading) * VowelCount) + second - Vowels) * TrailingCount);
        }

        int index = first - Syllables;
        return index is >= 0 and < Count && index % TrailingCount == 0 && second is > Trailing and < Trailing + TrailingCount
            ? first + second - Trailing
            : null;
    }
}
