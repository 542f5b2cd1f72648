namespace SkPeft.Adapters.Store.Tests;

/// <summary>Several adapters on one request.</summary>
public sealed class ComposedLeaseTests : ResidencyTest
{
    [Fact]
    public async Task ALease_HoldsAllOfThem_InOrder_AndLetsGoOfAll()
    {
        IAdapterLease lease = await Lease("b@1+a*0.5");

        lease.Parts.Select(p => (p.Version.Reference, p.Weight)).ShouldBe([("b@1", 1f), ("a@1", 0.5f)]);
        var composed = (FakeAdapter)lease.Adapter;
        composed.Name.ShouldBe("b@1+a@1");
        Residency.Statistics.Residents.Select(r => r.Leases).ShouldBe([1, 1]);
        Should.Throw<StoreException>(() => Store.Remove("a@1"));

        lease.Dispose();
        lease.Dispose();
        composed.IsDisposed.ShouldBeTrue();
        Residency.Statistics.Residents.Select(r => r.Leases).ShouldBe([0, 0]);
        Should.Throw<ObjectDisposedException>(() => lease.Adapter);
        Store.Remove("a@1");
    }

    [Fact]
    public async Task ALoadThatFails_LeavesNoLeaseOnTheOthers()
    {
        Loader.Failure = files => files.Name == "b@1" ? new AdapterOptionException(files.Name, "FAKE", ["no"]) : null;

        await Should.ThrowAsync<AdapterOptionException>(Lease("a+b"));
        await Should.ThrowAsync<AdapterNotFoundException>(Lease("a+nobody"));
        Residency.Statistics.Residents.Select(r => (r.Version.Reference, r.Leases)).ShouldBe([("a@1", 0)]);
    }

    [Fact]
    public async Task RequestsOfOneComposition_ShareIt_UntilTheLastHasEnded()
    {
        IAdapterLease one = await Lease("a+b*0.5"), same = await Lease("a+b*0.5"), other = await Lease("a+b*0.25"), turned = await Lease("b*0.5+a");
        same.Adapter.ShouldBeSameAs(one.Adapter);
        new[] { one, other, turned }.Select(l => l.Adapter).Distinct().Count().ShouldBe(3);

        var composed = (FakeAdapter)one.Adapter;
        one.Dispose();
        composed.IsDisposed.ShouldBeFalse();
        same.Dispose();
        composed.IsDisposed.ShouldBeTrue();
        using IAdapterLease again = await Lease("a+b*0.5");
        again.Adapter.ShouldNotBeSameAs(composed);
        other.Dispose();
        turned.Dispose();
    }

    [Fact]
    public async Task WhatACompositionHoldsOfItsOwn_IsCounted_AndTakesItsShareOfTheBudget()
    {
        Loader.ComposedBytes = 40;
        await Use("c");
        using (IAdapterLease one = await Lease("a+b*2"))
        {
            using IAdapterLease same = await Lease("a+b*2");

            // The budget is 250: c, which nobody leases, had to go.
            Residency.Statistics.ResidentBytes.ShouldBe(240);
            Evictions.ShouldBe(["c@1 Budget"]);
        }

        Residency.Statistics.ResidentBytes.ShouldBe(200);
    }

    [Fact]
    public async Task AReplacedPlugin_MakesAnotherComposition()
    {
        using IAdapterLease before = await Lease("a+b");
        Loader.Generation++;
        using IAdapterLease after = await Lease("a+b");
        after.Adapter.ShouldNotBeSameAs(before.Adapter);
    }

    [Fact]
    public async Task ACompositionThatFails_LeavesNothingBehind_AndTheNextRequestTriesAgain()
    {
        Loader.CompositionFailure = new AdapterCompositionException("a+b", "they do not go together", "Leave one out.");
        await Should.ThrowAsync<AdapterCompositionException>(Lease("a+b"));
        Residency.Statistics.Residents.Select(r => r.Leases).ShouldBe([0, 0]);
        Loader.CompositionFailure = null;
        (await Lease("a+b")).Dispose();
    }

    [Fact]
    public async Task LoadsRunBesideEachOther()
    {
        Loader.Shut("a@1");
        Loader.Shut("b@1");
        Task<IAdapterLease> waiting = Lease("a+b");
        await Begun(2);
        Loader.Open("b@1");
        Loader.Open("a@1");
        (await waiting).Dispose();
    }
}
