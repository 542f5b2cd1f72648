using SkPeft.Adapters.Store;
using SkPeft.Training.Scoring;

namespace SkPeft.Training.Tests.Jobs;

/// <summary>Train, compare, promote, over a real store.</summary>
public sealed class ClosedLoopTests : IClassFixture<TinyJobs>
{
    private readonly TinyCatalog _catalog = new();
    private readonly TinyJobs _tiny;
    private readonly AdapterStore _store;
    private readonly IAdapterLoader _loader;

    public ClosedLoopTests(TinyJobs tiny)
    {
        _tiny = tiny;
        _store = AdapterStore.Open(tiny.New("store"));
        _loader = tiny.Model.CreateAdapterLoader(_catalog);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Only_what_is_better_is_promoted_and_new_requests_get_it()
    {
        ClosedLoopResult first = await Loop.RunAsync(Round(3), cancellationToken: Cancellation);
        first.Promotion.Against.ShouldBe("the bare base");
        first.Promotion.Promoted.ShouldBeTrue(first.Promotion.Text);
        using AdapterResidency residency = new(_store, _loader);
        using IAdapterLease old = await residency.LeaseAsync("letters", Cancellation);
        old.Version.Number.ShouldBe(1);

        ClosedLoopResult better = await Loop.RunAsync(Round(60), cancellationToken: Cancellation);

        better.Promotion.Against.ShouldBe("letters@1");
        better.Promotion.Promoted.ShouldBeTrue(better.Promotion.Text);
        PairedComparison comparison = better.Promotion.Comparison!;
        comparison.Lines.ShouldBe(12);
        comparison.Difference.ShouldBe(comparison.Baseline - comparison.Candidate, 1e-9);
        comparison.StandardError.ShouldBeGreaterThan(0);
        using IAdapterLease fresh = await residency.LeaseAsync("letters", Cancellation);
        fresh.Version.Number.ShouldBe(2);
        _store.Show("letters@2").Files.Select(f => f.Path).Order().ShouldBe(["adapter_config.json", "adapter_model.safetensors"]);
    }

    /// <summary>The trainer passes over it before the first step; the gate would fail behind the last.</summary>
    [Fact]
    public async Task A_held_out_line_that_is_too_long_is_passed_over_by_the_gate_too_where_the_data_say_so()
    {
        ClosedLoopJob round = Round(3);
        TrainingData held = round.Training.Evaluation!;
        File.AppendAllText(held.Path, $"{{\"text\": \"{new string('p', 5000)}\", \"label\": \"a\"}}\n");

        ClosedLoopResult result = await Loop.RunAsync(round with { Training = round.Training with { Evaluation = held with { SkipUnusable = true } } }, cancellationToken: Cancellation);

        result.Training.Outline.Skipped.ShouldHaveSingleItem().ShouldStartWith("line 13: ");
        result.Promotion.Comparison!.Lines.ShouldBe(12);
    }

    [Fact]
    public async Task A_failed_gate_leaves_everything_as_it_was()
    {
        await Loop.RunAsync(Round(60), cancellationToken: Cancellation);
        AdapterListing[] before = [.. _store.List()];

        ClosedLoopResult worse = await Loop.RunAsync(Round(1, rate: 1e-6), cancellationToken: Cancellation);

        worse.Promotion.Refused.ShouldBeTrue();
        worse.Promotion.Promoted.ShouldBeFalse();
        worse.Promotion.Version.ShouldBeNull();
        worse.Promotion.Comparison!.Difference.ShouldBeLessThan(0);
        worse.Promotion.Text.ShouldContain("nothing was changed");
        _store.List().Select(l => (l.Version.Reference, string.Join(',', l.Aliases))).ShouldBe(before.Select(l => (l.Version.Reference, string.Join(',', l.Aliases))));
    }

    [Fact]
    public async Task The_same_again_is_not_better()
    {
        await Loop.RunAsync(Round(20), cancellationToken: Cancellation);

        ClosedLoopResult again = await Loop.RunAsync(Round(20), cancellationToken: Cancellation);

        again.Promotion.Refused.ShouldBeTrue();
        again.Promotion.Comparison!.Difference.ShouldBe(0);
    }

    [Fact]
    public async Task Accuracy_is_compared_line_by_line()
    {
        ClosedLoopResult result = await Loop.RunAsync(Round(60) with { Metric = GateMetric.Accuracy }, cancellationToken: Cancellation);

        PairedComparison comparison = result.Promotion.Comparison!;
        comparison.Candidate.ShouldBe(result.Training.Adapters[0].Evaluation!.Accuracy!.Value);
        comparison.Difference.ShouldBe(comparison.Candidate - comparison.Baseline, 1e-12);
        result.Promotion.Promoted.ShouldBe(comparison.Candidate > comparison.Baseline);
    }

    [Fact]
    public async Task A_gate_may_ask_for_more_than_chance()
    {
        await Loop.RunAsync(Round(60), cancellationToken: Cancellation);

        ClosedLoopResult barely = await Loop.RunAsync(Round(61) with { StandardErrors = 1e6 }, cancellationToken: Cancellation);

        barely.Promotion.Refused.ShouldBeTrue();
    }

    [Fact]
    public async Task A_cancelled_round_promotes_nothing()
    {
        using CancellationTokenSource stop = new();
        Reports reports = new() { Then = r => { if (r.Step is not null) { stop.Cancel(); } } };

        await Should.ThrowAsync<OperationCanceledException>(() => Loop.RunAsync(Round(60), reports, stop.Token));

        _store.List().ShouldBeEmpty();
        _catalog.Leases.ShouldBe(0);
    }

    [Fact]
    public void Differences_of_pairs_have_a_standard_error()
    {
        PairedComparison comparison = PairedComparison.Of([1, 1, 0, 1], [0, 1, 0, 0], moreIsBetter: true);

        comparison.Difference.ShouldBe(0.5);
        comparison.StandardError.ShouldBe(Math.Sqrt(1.0 / 3 / 4), 1e-12);
        comparison.IsBetter(0).ShouldBeTrue();
        comparison.IsBetter(2).ShouldBeFalse();
        PairedComparison.Of([1, 2], [2, 4], moreIsBetter: false).Difference.ShouldBe(1.5);
    }

    private ClosedLoop Loop => new(new AdapterTrainer(_tiny.Model, _catalog), new PromotionGate(_tiny.Model, _loader, _store));

    private ClosedLoopJob Round(int steps, double rate = 0.1) => new() { Name = "letters", Metric = GateMetric.Loss, Training = _tiny.Job(steps, rate) };
}
