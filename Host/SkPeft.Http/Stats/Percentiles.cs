namespace SkPeft.Http.Stats;

/// <summary>Seconds that so many of a hundred answers took at most (nearest rank: each is a time that was measured).</summary>
internal sealed record Percentiles(double P50, double P90, double P99)
{
    /// <summary>Null where there are none.</summary>
    public static Percentiles? Of(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted.Length == 0 ? null : new Percentiles(At(50), At(90), At(99));

        double At(int percent) => sorted[Math.Max(0, (int)Math.Ceiling(sorted.Length * percent / 100.0) - 1)];
    }
}
