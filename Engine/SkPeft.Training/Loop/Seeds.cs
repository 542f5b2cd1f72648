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

    // Far from the epochs, which count from 0.
    private const long Steps = 1L << 40;

    /// <summary>A seed that has little to do with its neighbours'.</summary>
    public static int Mix(int seed, long part) => (int)(Whole(seed, part) & int.MaxValue);

    /// <summary>The key of what a step drops. A function of seed and step alone: a run that is resumed needs to remember nothing of it.</summary>
    /// <param name="seed">The run's seed.</param>
    /// <param name="step">The step, from 0.</param>
    /// <param name="bilevel">Whether it is the one of the parameters that have a split of the data for themselves.</param>
    public static ulong OfStep(int seed, int step, bool bilevel) => Whole(seed, Steps + (2L * step) + (bilevel ? 1 : 0));

    // SplitMix64's finaliser.
    private static ulong Whole(int seed, long part)
    {
        ulong z = unchecked(((ulong)(uint)seed << 32) + ((ulong)part * 0x9E3779B97F4A7C15UL) + 0x9E3779B97F4A7C15UL);
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }
}
