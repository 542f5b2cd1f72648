namespace SkPeft.Training.Scoring;

/// <summary>Two adapters on the same lines, line by line: what the lines have in common cancels out.</summary>
/// <param name="Lines">How many lines.</param>
/// <param name="Candidate">The mean of the new one.</param>
/// <param name="Baseline">The mean of the one it is compared with.</param>
/// <param name="Difference">The mean of the differences; above 0 where the new one is better.</param>
/// <param name="StandardError">The standard error of that mean; infinite for a single line.</param>
public sealed record PairedComparison(int Lines, double Candidate, double Baseline, double Difference, double StandardError)
{
    /// <summary>Compares values of the same lines.</summary>
    /// <param name="candidate">The new one's.</param>
    /// <param name="baseline">The other's.</param>
    /// <param name="moreIsBetter">True for accuracy, false for losses.</param>
    internal static PairedComparison Of(IReadOnlyList<double> candidate, IReadOnlyList<double> baseline, bool moreIsBetter)
    {
        double[] differences = [.. candidate.Zip(baseline, (c, b) => moreIsBetter ? c - b : b - c)];
        double mean = differences.Average();
        double variance = differences.Length < 2 ? double.PositiveInfinity : differences.Sum(d => (d - mean) * (d - mean)) / (differences.Length - 1);
        return new PairedComparison(differences.Length, candidate.Average(), baseline.Average(), mean, Math.Sqrt(variance / differences.Length));
    }

    /// <summary>Whether the new one is better, by so many standard errors.</summary>
    /// <param name="standardErrors">How many; 0: any improvement will do.</param>
    public bool IsBetter(double standardErrors) => Difference > 0 && (standardErrors == 0 || Difference >= standardErrors * StandardError);
}
