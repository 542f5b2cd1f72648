namespace SkPeft.PeftPlugins.Tests.Golden;

/// <summary>
/// What rounding alone does to a run: a few goldens amplify it from step to step until two runs that round differently part, so that float64
/// misses what PyTorch recorded in float32 as well (ADR 14: which, where and by how much). Measured by runs from the same start, disturbed as
/// much as a sum of a few products is rounded. Nothing is measured unless it is asked for, and of all goldens at most four may ask.
/// </summary>
internal sealed class RoundingOfTraining(string modelName, string folder, TrainedGolden found)
{
    /// <summary>How many goldens float64 misses: see ADR 14.</summary>
    private const int Most = 4;

    private const int Runs = 4;
    private const int Margin = 4;
    private const double Share = 5e-7;

    private static readonly HashSet<string> s_asked = [];

    private readonly Lazy<TrainedGolden[]> _disturbed = new(() => Measure(modelName, folder, found));

    /// <summary>How far the loss of a step may be off: several times what the disturbance did up to there. The first has no excuse.</summary>
    public double OfLoss(int step) =>
        step == 0 ? 0 : Margin * Enumerable.Range(0, step + 1).Max(s => _disturbed.Value.Max(run => Math.Abs(run.Losses[s] - found.Losses[s])));

    /// <summary>How far a parameter may be off behind the last step, relative to its length.</summary>
    public double OfFinal(string parameter) =>
        Margin * _disturbed.Value.Max(run => TrainingGoldenTests.Difference(run.Final[parameter], found.Final[parameter]));

    private static TrainedGolden[] Measure(string modelName, string folder, TrainedGolden found)
    {
        lock (s_asked)
        {
            s_asked.Add($"{modelName}/{Path.GetFileName(folder)}");
            TestContext.Current.TestOutputHelper?.WriteLine($"Judged by what rounding does, so far: {string.Join(", ", s_asked)}");
            s_asked.Count.ShouldBeLessThanOrEqualTo(Most, $"float64 misses {Most} goldens, and no other needs an allowance: {string.Join(", ", s_asked)}");
        }

        return [.. Enumerable.Range(1, Runs).Select(seed => TrainedGolden.Run(modelName, folder, found.Losses.Length, run => run.Disturb(Share, seed)))];
    }
}
