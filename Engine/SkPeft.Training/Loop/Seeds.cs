namespace SkPeft.Training.Loop;

/// <summary>Seeds for the parts of a run, from the run's own.</summary>
internal static class Seeds
{
    /// <summary>The run's start values.</summary>
    public const long Start = -1;

    /// <summary>The split for evaluation.</summary>
    public const long Validation = -2;

    /// <summary>The split for bilevel groups.</summary>
    public const long Bilevel = -3;

    /// <summary>A seed that has little to do with its neighbours' (SplitMix64's finaliser).</summary>
    public static int Mix(int seed, long part)
    {
        ulong z = unchecked(((ulong)(uint)seed << 32) + ((ulong)part * 0x9E3779B97F4A7C15UL) + 0x9E3779B97F4A7C15UL);
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return (int)((z ^ (z >> 31)) & int.MaxValue);
    }
}
