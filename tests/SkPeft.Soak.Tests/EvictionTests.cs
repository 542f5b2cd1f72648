using System.Collections.Concurrent;
using SkPeft.Adapters.Store;

namespace SkPeft.Soak.Tests;

/// <summary>The budget has room for some of the adapters that running streams ask for: they go and come back, and no answer shows it.</summary>
[Collection(Workshop.Collection)]
public sealed class EvictionTests
{
    private const int Streams = 4;
    private const int Answers = 60;

    [Fact]
    public async Task ABudgetForSomeAdapters_EvictsAndLoadsAgainWhileStreamsRun_AndNeverOneThatIsLeased()
    {
        using Workshop workshop = new(_ => { });
        await workshop.LearnAsync();
        long[] bytes = [.. workshop.Residency.Statistics.Residents.Select(r => r.Bytes)];
        bytes.Length.ShouldBe(Workshop.References.Count);
        using AdapterResidency tight = workshop.ResidencyWithin(Math.Max(bytes.Max(), bytes.Sum() / 3));
        ConcurrentQueue<(string Reference, EvictionReason Reason, bool WhileStreamsRan)> evicted = new();
        tight.Evicted += e => evicted.Enqueue((e.Version.Reference, e.Reason, workshop.Model.Engine.Statistics.Running > 0));

        await Task.WhenAll(Enumerable.Range(0, Streams).Select(stream => Task.Run(async () =>
        {
            Random random = new(stream);
            for (int i = 0; i < Answers; i++)
            {
                string reference = Workshop.References[random.Next(Workshop.References.Count)];
                await workshop.AskAsync(reference, random.Next(Workshop.Prompts), tight, () => ShouldBeHeld(tight, reference));
            }
        })));

        ResidencyStatistics after = tight.Statistics;
        evicted.ShouldAllBe(e => e.Reason == EvictionReason.Budget);
        evicted.Select(e => e.Reference).Distinct().Order().ShouldBe(Workshop.References.Order(), "every one had to go");
        evicted.Count(e => e.WhileStreamsRan).ShouldBeGreaterThan(Workshop.References.Count);
        after.Evictions.ShouldBe(new Dictionary<EvictionReason, long> { [EvictionReason.Budget] = evicted.Count });
        (after.Loads, after.FailedLoads, after.Hits).ShouldBe((evicted.Count + after.Residents.Count, 0, (Streams * Answers) - after.Loads));
        after.ResidentBytes.ShouldBeLessThanOrEqualTo(after.BudgetBytes);
        after.Residents.ShouldAllBe(r => r.Leases == 0 && !r.IsDraining);
    }

    // Evicted in spite of its lease it would be listed as one that drains, beside the copy that the next request had loaded.
    private static void ShouldBeHeld(AdapterResidency residency, string reference)
    {
        ResidentAdapter resident = residency.Statistics.Residents.Where(r => r.Version.Reference == reference).ShouldHaveSingleItem();
        (resident.Leases > 0, resident.IsDraining, resident.IsLoading).ShouldBe((true, false, false));
    }
}
