using System.Text;

namespace SkPeft.Engine.Tokenization.Patterns;

/// <summary>Characters that count as one where case is ignored (simple folding).</summary>
internal static class CaseFolding
{
    public static IEnumerable<int> Variants(int codePoint)
    {
        if (!Rune.TryCreate(codePoint, out Rune rune))
        {
            yield break;
        }

        Rune lower = Rune.ToLowerInvariant(rune);
        yield return lower.Value;
        yield return Rune.ToUpperInvariant(rune).Value;
        yield return Rune.ToUpperInvariant(lower).Value;

        // Signs that fold to a letter of ASCII, both ways.
        (int letter, int sign)[] signs = [('s', 'ſ'), ('k', 'K')];
        foreach ((int letter, int sign) in signs)
        {
            if (lower.Value == letter)
            {
                yield return sign;
            }
            else if (codePoint == sign)
            {
                yield return letter;
                yield return letter - 32;
            }
        }
    }
}
