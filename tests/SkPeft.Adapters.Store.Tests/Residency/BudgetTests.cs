namespace SkPeft.Adapters.Store.Tests;

public sealed class BudgetTests : ResidencyTest
{
    [Fact]
    public async Task Budget_Full_TheOneUnusedLongestGoes()
    {
        await Use("a", "b", "a", "c");
        Loader.Alive.ShouldBe(["a@1", "c@1"]);
        Evictions.ShouldBe(["b@1 Budget"]);
        Residency.Statistics.ResidentBytes.ShouldBe(200);
        await Use("b");
        Loader.Alive.ShouldBe(["b@1", "c@1"]);
        Loader.Begun.Count.ShouldBe(4);
    }

    [Fact]
    public async Task Budget_AllLeased_ServesOverItAndComesBackAsSoonAsLeasesEnd()
    {
        IAdapterLease[] leases = [await Lease("a"), await Lease("b"), await Lease("c"), await Lease("d")];
        Residency.Statistics.ResidentBytes.ShouldBe(400);
        Evictions.ShouldBeEmpty();

        leases[2].Dispose();
        Evictions.ShouldBe(["c@1 Budget"]);
        leases[0].Dispose();
        Evictions.ShouldBe(["c@1 Budget", "a@1 Budget"]);
        leases[1].Dispose();
        Residency.Statistics.ResidentBytes.ShouldBe(200);
        leases[3].Dispose();
        Loader.Alive.ShouldBe(["b@1", "d@1"]);
    }

    [Fact]
    public async Task Budget_AdapterLargerThanAllOfIt_SaysSoAndKeepsTheOthers()
    {
        Loader.Size = files => files.Name == "f@1" ? 251 : 100;
        await Use("a", "b");
        StoreException e = await Should.ThrowAsync<StoreException>(Lease("f"));
        e.Message.ShouldContain("251 bytes");
        e.Message.ShouldContain("250 bytes");
        Loader.Alive.ShouldBe(["a@1", "b@1"]);
        Store.Resolve("f").Base.ShouldBeNull();
    }

    [Fact]
    public async Task Pin_IsSparedByTheBudget_UntilItIsUnpinned()
    {
        await Residency.PinAsync("a", Patience);
        await Use("b", "c", "d");
        Loader.Alive.ShouldBe(["a@1", "d@1"]);
        Residency.Statistics.Residents.Single(r => r.IsPinned).Version.Name.ShouldBe("a");

        Residency.Unpin("a").ShouldBeTrue();
        Residency.Unpin("a").ShouldBeFalse();
        await Use("e");
        Loader.Alive.ShouldBe(["d@1", "e@1"]);
    }

    [Fact]
    public async Task Pin_FollowsItsAlias()
    {
        Add("a", 17);
        Store.Promote("a@1", "prod");
        await Residency.PinAsync("a@prod", Patience);
        Store.Promote("a@2", "prod");
        await Use("a@prod", "b", "c");
        Loader.Alive.ShouldBe(["a@2", "c@1"]);

        // A flip that nobody has asked for yet is seen when room is needed.
        Store.Rollback("a", "prod");
        await Use("a@1", "d", "e");
        Loader.Alive.ShouldBe(["a@1", "e@1"]);
    }

    [Fact]
    public async Task Pin_MoreThanTheBudget_IsRefused()
    {
        await Residency.PinAsync("a", Patience);
        await Residency.PinAsync("b", Patience);
        (await Should.ThrowAsync<StoreException>(Residency.PinAsync("c", Patience))).Message.ShouldContain("300 bytes");
        await Use("d");
        Loader.Alive.ShouldBe(["a@1", "b@1"]);
    }

    [Fact]
    public void Budget_NotPositive_IsRefused() =>
        Should.Throw<InvalidOptionException>(() => new AdapterResidency(Store, Loader, new ResidencyOptions { BudgetBytes = 0 }));

    [Fact]
    public async Task Plugin_Replaced_NewRequestsGetAFreshCopyAndTheOldOneDrains()
    {
        Loader.Size = _ => 80;
        IAdapterLease old = await Lease("a");
        await Use("b");
        await Until(() => Loader.Checks == 2);
        Loader.Generation = 1;

        IAdapterLease fresh = await Lease("a");

        fresh.Adapter.ShouldNotBeSameAs(old.Adapter);
        ((FakeAdapter)old.Adapter).IsDisposed.ShouldBeFalse();
        Residency.Statistics.Residents.Select(r => r.IsDraining).ShouldBe([true, false, false]);
        old.Dispose();
        Evictions.ShouldBe(["a@1 StalePlugin"]);
        fresh.Dispose();

        // b was idle: it goes when the residency is told, without a request.
        Residency.ReleaseStale();
        Evictions.ShouldBe(["a@1 StalePlugin", "b@1 StalePlugin"]);
        Loader.Alive.ShouldBe(["a@1"]);
        Residency.Statistics.ResidentBytes.ShouldBe(80);
    }

    [Fact]
    public async Task Plugin_ReplacedDuringALoad_TheResultServesItsWaitersOnly()
    {
        Loader.Shut("a@1");
        Task<IAdapterLease> waiting = Lease("a");
        await Begun(1);
        Loader.Generation = 1;
        Residency.ReleaseStale();
        Loader.Open("a@1");
        IAdapterLease lease = await waiting;
        await Until(() => Residency.Statistics.Residents.Single().IsDraining);
        ((FakeAdapter)lease.Adapter).IsDisposed.ShouldBeFalse();
        lease.Dispose();
        Residency.Statistics.Residents.ShouldBeEmpty();
        Loader.Alive.ShouldBeEmpty();
    }

    [Fact]
    public async Task Dispose_IdleGoNow_LeasedWithTheirLastLease_LoadsStop()
    {
        IAdapterLease leased = await Lease("a");
        await Use("b");
        Loader.Shut("c@1");
        Task<IAdapterLease> waiting = Lease("c");
        await Begun(3);

        Residency.Dispose();

        await Should.ThrowAsync<ObjectDisposedException>(waiting);
        await Should.ThrowAsync<ObjectDisposedException>(Lease("a"));
        Loader.Alive.ShouldBe(["a@1"]);
        leased.Adapter.Bytes.ShouldBe(100);
        leased.Dispose();
        Loader.Alive.ShouldBeEmpty();
        Residency.Dispose();
        Evictions.ShouldBe(["b@1 Shutdown", "a@1 Shutdown"]);
    }

    [Fact]
    public async Task Everything_AtOnce_NoLeaseEverSeesADisposedAdapter()
    {
        for (int i = 0; i < 5; i++)
        {
            Add("a", 100 + i);
        }

        Store.Promote("a@1", "prod");
        using var stop = new CancellationTokenSource();
        Task[] users = [.. Enumerable.Range(0, 8).Select(user => Task.Run(async () =>
        {
            var random = new Random(user);
            for (int i = 0; i < 40; i++)
            {
                string reference = random.Next(7) switch { 6 => "a@prod", int n => $"{"abcdef"[n]}" };
                using IAdapterLease lease = await Lease(reference);
                var adapter = (FakeAdapter)lease.Adapter;
                await Task.Yield();
                adapter.IsDisposed.ShouldBeFalse();
                adapter.Name.ShouldBe(lease.Version.Reference);
            }
        }))];
        Task disturber = Task.Run(async () =>
        {
            for (int i = 0; !stop.IsCancellationRequested; i++)
            {
                Store.Promote($"a@{(i % 6) + 1}", "prod");
                Loader.Generation++;
                Residency.ReleaseStale();
                await Task.Delay(3);
            }
        });
        await Task.WhenAll(users);
        await stop.CancelAsync();
        await disturber;

        Residency.ReleaseStale();
        await Until(() => Residency.Statistics.ResidentBytes <= 250);
        ResidencyStatistics statistics = Residency.Statistics;
        statistics.Residents.ShouldAllBe(r => r.Leases == 0 && !r.IsDraining);
        Loader.Alive.Count().ShouldBe(statistics.Residents.Count);
        statistics.Hits.ShouldBe((8 * 40) - statistics.Loads);
        Residency.Dispose();
        Loader.Alive.ShouldBeEmpty();
    }
}
