using System.Globalization;

namespace SkPeft.RealRuns.Tests;

/// <summary>The twelve runs that the reference made on the real model, repeated: how many and how far, <see cref="RunBudget"/> says.</summary>
public sealed class RealRunTests(RealBase real, ITestOutputHelper output) : IClassFixture<RealBase>
{
    private const int ComparedSteps = 20;

    // One row that skips itself, where ../shared is absent.
    public static TheoryData<string> Runs => [.. RecordedRun.Names.DefaultIfEmpty("")];

    [Theory]
    [MemberData(nameof(Runs))]
    public async Task The_run_has_the_recorded_losses_and_ends_as_good_as_the_recorded_one(string name)
    {
        RecordedRun recorded = new(name);
        RunBudget.RequireRoomFor(name);
        using RepeatedRun run = new(real, recorded, ComparedSteps);
        await run.RunAsync();

        CompareLosses(recorded, run.Losses);
        if (RunBudget.Extent == Extent.Whole && run.Evaluation is not null)
        {
            CompareEnd(recorded, run);
        }
        else if (run.Losses.Count < ComparedSteps || RunBudget.Extent == Extent.Whole)
        {
            Assert.Skip(RunBudget.Text(name, run.Losses.Count));
        }
    }

    private void CompareLosses(RecordedRun recorded, IReadOnlyList<double> losses)
    {
        losses.ShouldNotBeEmpty();
        List<string> wrong = [];
        double most = 0;
        int compared = Math.Min(losses.Count, ComparedSteps);
        for (int step = 0; step < compared; step++)
        {
            double expected = recorded.Losses[step];
            if (MeasuredSpread.At(recorded.Name, step) is { } spread)
            {
                Require(expected, spread, string.Create(CultureInfo.InvariantCulture, $"step {step}: recorded {expected:F6}"), wrong);
                Require(losses[step], spread, string.Create(CultureInfo.InvariantCulture, $"step {step}: {losses[step]:F6}"), wrong);
                continue;
            }

            double difference = Math.Abs(losses[step] - expected);
            most = Math.Max(most, difference / expected);
            if (!(difference <= Math.Max(0.01, 0.01 * expected)))
            {
                wrong.Add(string.Create(CultureInfo.InvariantCulture, $"step {step}: {losses[step]:F6}, recorded {expected:F6}"));
            }
        }

        int sensitive = Enumerable.Range(0, compared).Count(step => MeasuredSpread.At(recorded.Name, step) is not null);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{recorded.Name}: {losses.Count} steps; losses of the first {compared - sensitive} within {most:P3}; {sensitive} behind them within the measured spread"));
        wrong.ShouldBeEmpty(recorded.Name);
    }

    private static void Require(double loss, (double Lowest, double Highest) spread, string what, List<string> wrong)
    {
        if (!(loss >= spread.Lowest && loss <= spread.Highest))
        {
            wrong.Add(string.Create(CultureInfo.InvariantCulture, $"{what}, where runs that differ by rounding give {spread.Lowest:F3} to {spread.Highest:F3}"));
        }
    }

    private void CompareEnd(RecordedRun recorded, RepeatedRun run)
    {
        run.Losses.Count.ShouldBe(recorded.Losses.Count);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{recorded.Name}: accuracy {run.Evaluation!.Accuracy}, recorded {recorded.Accuracy}; mean loss {run.Evaluation.MeanLoss:F4}, recorded {recorded.MeanLoss:F4}"));
        if (recorded.Accuracy is { } accuracy)
        {
            // A hundredth of a line: the shares are sums of binary fractions.
            run.Evaluation.Accuracy.ShouldNotBeNull().ShouldBe(accuracy, MeasuredSpread.OfAccuracy(recorded.Name) + (0.01 / recorded.Evaluated), recorded.Name);
        }
        else
        {
            run.Evaluation.MeanLoss.ShouldBe(recorded.MeanLoss!.Value, 0.01 * recorded.MeanLoss.Value, recorded.Name);
        }
    }
}
