namespace SkPeft.Engine.Structured.Automata;

/// <summary>A set of Unicode scalar values (surrogates are none), as sorted ranges that do not touch.</summary>
internal sealed class CharSet
{
    public const int Last = 0x10FFFF;

    private CharSet(IReadOnlyList<(int First, int Last)> ranges) => Ranges = ranges;

    public static CharSet All { get; } = Of([(0, Last)]);

    /// <summary>What <c>.</c> means in ECMA 262: everything but line terminators.</summary>
    public static CharSet Dot { get; } = Of([('\n', '\n'), ('\r', '\r'), (0x2028, 0x2029)]).Complement();

    public static CharSet Digits { get; } = Of([('0', '9')]);

    public static CharSet Word { get; } = Of([('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z')]);

    /// <summary>WhiteSpace and LineTerminator of ECMA 262.</summary>
    public static CharSet Space { get; } = Of(
        [('\t', '\r'), (' ', ' '), (0xA0, 0xA0), (0x1680, 0x1680), (0x2000, 0x200A), (0x2028, 0x2029), (0x202F, 0x202F), (0x205F, 0x205F), (0x3000, 0x3000), (0xFEFF, 0xFEFF)]);

    public IReadOnlyList<(int First, int Last)> Ranges { get; }

    public static CharSet Of(IEnumerable<(int First, int Last)> ranges)
    {
        List<(int First, int Last)> merged = [];
        foreach ((int first, int last) in ranges.SelectMany(WithoutSurrogates).OrderBy(r => r.First))
        {
            if (merged.Count > 0 && first <= merged[^1].Last + 1)
            {
                merged[^1] = (merged[^1].First, Math.Max(last, merged[^1].Last));
            }
            else
            {
                merged.Add((first, last));
            }
        }

        return new CharSet(merged);
    }

    public CharSet Complement()
    {
        List<(int, int)> gaps = [];
        int next = 0;
        foreach ((int first, int last) in Ranges)
        {
            gaps.Add((next, first - 1));
            next = last + 1;
        }

        gaps.Add((next, Last));
        return Of(gaps);
    }

    private static IEnumerable<(int First, int Last)> WithoutSurrogates((int First, int Last) range)
    {
        if (range.First <= Math.Min(range.Last, 0xD7FF))
        {
            yield return (range.First, Math.Min(range.Last, 0xD7FF));
        }

        if (Math.Max(range.First, 0xE000) <= range.Last)
        {
            yield return (Math.Max(range.First, 0xE000), range.Last);
        }
    }
}
