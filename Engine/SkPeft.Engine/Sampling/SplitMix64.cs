namespace SkPeft.Engine.Sampling;

/// <summary>SplitMix64 (Steele, Lea, Flood 2014): a seeded stream that is the same on every platform and runtime version.</summary>
internal struct SplitMix64(long seed)
{
    private ulong _state = (ulong)seed;

    /// <summary>Uniform in [0, 1).</summary>
    public double NextDouble() => (NextBits() >> 11) * (1.0 / (1UL << 53));

    /// <summary>64 random bits.</summary>
    public ulong NextBits()
    {
        _state += 0x9E3779B97F4A7C15;
        ulong z = _state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
