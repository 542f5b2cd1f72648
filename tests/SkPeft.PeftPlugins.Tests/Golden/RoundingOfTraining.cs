namespace SkPeft.PeftPlugins.Tests.Golden;

/// <summary>
/// What rounding alone does to a run: some goldens amplify it from step to step until two runs that round differently part (RandLoRA's has a
/// scale of 160; the gradients that PyTorch recorded for it are themselves off by up to 1e-3, see its README). Measured by runs from the same
/// start, disturbed as much as a sum of a few products is rounded. Nothing is measured unless it is asked for.
/// </summary>
internal sealed class RoundingOfTraining(string modelName, string folder, TrainedGolden found)
{
    private const int Runs = 4;
    private const int Margin = 4;
    private const double Share = 5e-7;

    private readonly Lazy<TrainedGolden[]> _disturbed = new(() =>
        [.. Enumerable.Range(1, Runs).Select(seed => TrainedGolden.Run(modelName, folder, found.Losses.Length, run => run.Disturb(Share, seed)))]);

    /// <summary>How far the loss of a step may be off: several times what the disturbance did up to there. The first has no excuse.</summary>
    public double OfLoss(int step) =>
        step == 0 ? 0 : Margin * Enumerable.Range(0, step + 1).Max(s => _disturbed.Value.Max(run => Math.Abs(run.Losses[s] - found.Losses[s])));

    /// <summary>How far the first gradient of a parameter may be off, relative to its length.</summary>
    public double OfGradient(string parameter)
    {
        double tolerance = Margin * _disturbed.Value.Max(run => TrainingGoldenTests.Difference(run.Gradients[parameter], found.Gradients[parameter]));
        tolerance.ShouldBeLessThan(1e-2, "a tolerance that large would prove nothing");
        return tolerance;
    }

    /// <summary>How far a parameter may be off behind the last step, relative to its length.</summary>
    public double OfFinal(string parameter) =>
        Margin * _disturbed.Value.Max(run => TrainingGoldenTests.Difference(run.Final[parameter], found.Final[parameter]));
}
