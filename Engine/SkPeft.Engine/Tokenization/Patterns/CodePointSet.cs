namespace SkPeft.Engine.Tokenization.Patterns;

/// <summary>A set of code points: a table for ASCII, a question for the rest.</summary>
internal sealed class CodePointSet
{
    private readonly Func<int, bool> _contains;
    private readonly UInt128 _ascii;

    public CodePointSet(Func<int, bool> contains)
    {
        _contains = contains;
        for (int c = 0; c < 128; c++)
        {
            _ascii |= contains(c) ? UInt128.One << c : 0;
        }
    }

    public bool Contains(int codePoint) => codePoint < 128 ? ((_ascii >> codePoint) & 1) != 0 : _contains(codePoint);

    public CodePointSet Negate() => new(c => !Contains(c));

    public static CodePointSet Union(IReadOnlyList<CodePointSet> sets) => sets.Count == 1 ? sets[0] : new(c =>
    {
        foreach (CodePointSet set in sets)
        {
            if (set.Contains(c))
            {
                return true;
            }
        }

        return false;
    });

    /// <summary>A range, and with <paramref name="ignoreCase"/> whatever differs from its members by case only.</summary>
    public static CodePointSet Range(int first, int last, bool ignoreCase)
    {
        bool IsIn(int c) => c >= first && c <= last;
        return new(ignoreCase ? c => IsIn(c) || CaseFolding.Variants(c).Any(IsIn) : IsIn);
    }
}
