namespace SkPeft.Host.Benchmarks;

/// <summary>Draws skills as popularity falls off: the k-th of n has weight 1 / k^s.</summary>
internal sealed class Zipf
{
    private readonly double[] _sums;

    public Zipf(int count, double exponent)
    {
        double sum = 0;
        _sums = [.. Enumerable.Range(1, count).Select(k => sum += Math.Pow(k, -exponent))];
    }

    /// <summary>A skill, from 0, the most popular.</summary>
    public int Next(Random random)
    {
        int at = Array.BinarySearch(_sums, random.NextDouble() * _sums[^1]);
        return Math.Min(at < 0 ? ~at : at, _sums.Length - 1);
    }
}
