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
