using SkPeft.Engine.Scheduling;

namespace SkPeft.Engine.Tests.Scheduling;

/// <summary>What a step is made of where the time of steps is known: targets and weights, without a clock.</summary>
public sealed class PlannerTests
{
    private const int MostTokens = 512;

    [Theory]
    [InlineData(0.5, 179)]
    [InlineData(1, 89)]
    [InlineData(2, 44)]
    [InlineData(50, 16)] // As few as are worth a step, be it too long.
    public void BesideAStream_APromptIsReadInPiecesThatKeepToTheStepTarget_TheSlowerTheSmaller(double millisecondsPerRow, int expected)
    {
        using PlannedSteps steps = new(new SchedulerOptions { StepTarget = TimeSpan.FromMilliseconds(100), MaxStepTokens = MostTokens });
        steps.Takes(10, millisecondsPerRow);
        SequenceJob stream = steps.Ask(1, 100);
        steps.Step();

        SequenceJob reader = steps.Ask(2000, 1);
        IReadOnlyList<StepEntry> step = steps.Step();

        step.Single(e => e.Job == stream).Count.ShouldBe(1);
        step.Single(e => e.Job == reader).Count.ShouldBeInRange(expected - 1, expected);
    }

    [Fact]
    public void WithoutAStream_APromptIsReadInWholeSteps_HoweverSlow()
    {
        using PlannedSteps steps = new(new SchedulerOptions { StepTarget = TimeSpan.FromMilliseconds(100), MaxStepTokens = MostTokens });
        steps.Takes(10, 50);
        steps.Ask(2000, 1);
        steps.Step().Single().Count.ShouldBe(MostTokens);
    }

    // Steps of one to five rows take 20, 30, 40, 50 and 60 ms.
    [Theory]
    [InlineData(null, 5)]
    [InlineData(100, 5)]
    [InlineData(45, 3)]
    [InlineData(35, 2)]
    [InlineData(1, 1)] // Whom nobody waits for is served, however slowly.
    public void TokenTarget_LetsInAsManyAsKeepTheStepShort_AndTheNextWhenOneHasEnded(int? targetMilliseconds, int expected)
    {
        using PlannedSteps steps = new(new SchedulerOptions { TokenTarget = targetMilliseconds is { } target ? TimeSpan.FromMilliseconds(target) : null });
        steps.Takes(10, 10);
        SequenceJob[] jobs = [.. Enumerable.Range(0, 5).Select(i => steps.Ask(1, 3 + i))];

        steps.Step().Count.ShouldBe(expected);
        (steps.Running, steps.Waiting).ShouldBe((expected, 5 - expected));
        HashSet<SequenceJob> served = [];
        while (steps.Running + steps.Waiting > 0)
        {
            IReadOnlyList<StepEntry> step = steps.Step();
            step.Count.ShouldBeLessThanOrEqualTo(expected);
            served.UnionWith(step.Select(e => e.Job));
        }

        served.Count.ShouldBe(jobs.Length, "nobody waits for ever");
    }

    [Fact]
    public void TokenTarget_WhenStepsBecomeSlower_NobodyElseIsLetIn_AndThoseWhoRunGoOn()
    {
        using PlannedSteps steps = new(new SchedulerOptions { TokenTarget = TimeSpan.FromMilliseconds(50) });
        steps.Takes(10, 1);
        SequenceJob[] first = [steps.Ask(1, 100), steps.Ask(1, 100)];
        steps.Step().Count.ShouldBe(2);

        steps.Takes(100, 10);
        SequenceJob late = steps.Ask(1, 100);
        steps.Step().Select(e => e.Job).ShouldBe(first);

        steps.Takes(10, 1);
        steps.Step().Select(e => e.Job).ShouldContain(late);
    }

    [Fact]
    public void TokenTarget_ShorterThanTheStepTarget_HoldsForTheStepsThatReadAFurtherPromptToo()
    {
        using PlannedSteps steps = new(new SchedulerOptions { TokenTarget = TimeSpan.FromMilliseconds(40), StepTarget = TimeSpan.FromMilliseconds(100) });
        steps.Takes(10, 0.1);
        steps.Ask(1, 1000);
        steps.Step();

        SequenceJob reader = steps.Ask(1000, 1);
        while (reader.Pending > 0 && reader.IsReading)
        {
            IReadOnlyList<StepEntry> step = steps.Step();
            step.Count.ShouldBe(2);
            steps.TimeOf(step).ShouldBeLessThanOrEqualTo(TimeSpan.FromMilliseconds(41));
        }
    }

    // While both wait: by turns where one runs at a time, by places where several do.
    [Theory]
    [InlineData(1, 3)]
    [InlineData(4, 3)]
    [InlineData(8, 3)]
    [InlineData(4, 1)]
    public void Weights_ShareTheTokens(int maxRunning, double weight)
    {
        using PlannedSteps steps = new(new SchedulerOptions { MaxRunning = maxRunning, Weights = new Dictionary<string, double> { ["gold"] = weight } });
        Dictionary<string, int> tokens = new() { ["gold"] = 0, ["plain"] = 0 };
        while (tokens.Values.Sum() < 10_000)
        {
            foreach (string tenant in tokens.Keys)
            {
                while (steps.WaitingOf(tenant) < maxRunning)
                {
                    steps.Ask(20, 30, tenant);
                }
            }

            foreach (StepEntry entry in steps.Step())
            {
                tokens[entry.Job.Terms.Tenant] += entry.Count;
            }
        }

        ((double)tokens["gold"] / tokens["plain"]).ShouldBe(weight, 0.1 * weight);
    }
}
