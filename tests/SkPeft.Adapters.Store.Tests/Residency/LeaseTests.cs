namespace SkPeft.Adapters.Store.Tests;

public sealed class LeaseTests : ResidencyTest
{
    [Fact]
    public async Task Lease_ManyAtOnce_LoadOnce()
    {
        Loader.Shut("a@1");
        Task<IAdapterLease>[] waiting = [.. Enumerable.Range(0, 20).Select(_ => Lease("a"))];
        await Begun(1);
        Loader.Open("a@1");

        IAdapterLease[] leases = await Task.WhenAll(waiting);
        leases.Select(l => l.Adapter).Distinct().Count().ShouldBe(1);
        Loader.Begun.Count.ShouldBe(1);
        ResidencyStatistics statistics = Residency.Statistics;
        (statistics.Loads, statistics.Hits, statistics.Residents.Single().Leases).ShouldBe((1, 19, 20));
        Array.ForEach(leases, l => l.Dispose());
        Residency.Statistics.Residents.Single().Leases.ShouldBe(0);
        Loader.Alive.ShouldBe(["a@1"]);
    }

    [Fact]
    public async Task Lease_LoadingOne_NeverStallsAnother()
    {
        Loader.Shut("a@1");
        Task<IAdapterLease> slow = Lease("a");
        await Begun(1);

        using (IAdapterLease quick = await Lease("b"))
        {
            quick.Version.Reference.ShouldBe("b@1");
        }

        slow.IsCompleted.ShouldBeFalse();
        Loader.Open("a@1");
        (await slow).Dispose();
    }

    [Fact]
    public async Task Lease_OneWaiterGivesUp_TheOthersGetTheirAdapter()
    {
        Loader.Shut("a@1");
        using var impatience = new CancellationTokenSource();
        Task<IAdapterLease> first = Residency.LeaseAsync("a", impatience.Token).AsTask();
        await Begun(1);
        Task<IAdapterLease> second = Lease("a");
        await Until(() => Residency.Statistics.Residents.Single().Leases == 2);

        await impatience.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(first);
        Loader.Open("a@1");

        using IAdapterLease lease = await second;
        lease.Adapter.Bytes.ShouldBe(100);
        Loader.Begun.Count.ShouldBe(1);
        Residency.Statistics.Residents.Single().Leases.ShouldBe(1);
        Should.Throw<StoreException>(() => Store.Remove("a@1"));
    }

    [Fact]
    public async Task Lease_EveryWaiterGivesUp_TheLoadStillServesTheNext()
    {
        Loader.Shut("a@1");
        using var impatience = new CancellationTokenSource();
        Task<IAdapterLease> only = Residency.LeaseAsync("a", impatience.Token).AsTask();
        await Begun(1);
        await impatience.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(only);
        Loader.Open("a@1");
        await Use("a");
        Loader.Begun.Count.ShouldBe(1);
        Store.Remove("a@1");
    }

    [Fact]
    public async Task Lease_FailedLoad_IsTriedAgainByTheNextRequest()
    {
        Loader.Failure = files => new AdapterOptionException(files.Name, "FAKE", ["no"]);
        Task<IAdapterLease>[] both = [Lease("a"), Lease("a")];
        foreach (Task<IAdapterLease> task in both)
        {
            await Should.ThrowAsync<AdapterOptionException>(task);
        }

        Residency.Statistics.Residents.ShouldBeEmpty();
        Loader.Failure = _ => null;
        await Use("a");
        Residency.Statistics.FailedLoads.ShouldBeInRange(1, 2);
    }

    [Fact]
    public async Task Lease_DamagedBlob_NeverReachesTheLoader()
    {
        string digest = Store.Show("a").Files.Single(f => f.Path == "adapter_model.safetensors").Digest;
        string blob = At("store", "blobs", digest[..2], digest);
        byte[] bytes = File.ReadAllBytes(blob);
        bytes[^1] ^= 1;
        File.Delete(blob);
        File.WriteAllBytes(blob, bytes);

        await Should.ThrowAsync<AdapterIntegrityException>(Lease("a"));
        Loader.Begun.ShouldBeEmpty();
        await Use("b");
    }

    [Fact]
    public async Task Lease_AliasFlips_OnlyNewRequestsMove()
    {
        Add("a", 17);
        Store.Promote("a@1", "prod");
        using IAdapterLease before = await Lease("a@prod");
        Store.Promote("a@2", "prod");
        using IAdapterLease after = await Lease("a@prod");
        Store.Rollback("a", "prod");
        using IAdapterLease back = await Lease("a@prod");

        (before.Version.Number, after.Version.Number, back.Version.Number).ShouldBe((1, 2, 1));
        back.Adapter.ShouldBeSameAs(before.Adapter);
        ((FakeAdapter)before.Adapter).IsDisposed.ShouldBeFalse();
    }

    [Fact]
    public async Task Lease_Unknown_IsNotFound_AndBadReferencesAreRefused()
    {
        await Should.ThrowAsync<AdapterNotFoundException>(Lease("zzz"));
        await Should.ThrowAsync<AdapterNotFoundException>(Lease("a@prod"));
        await Should.ThrowAsync<StoreException>(Lease("a@"));
        Loader.Begun.ShouldBeEmpty();
        await Should.ThrowAsync<OperationCanceledException>(Residency.LeaseAsync("a", new CancellationToken(true)).AsTask());
    }

    [Fact]
    public async Task Lease_OfATask_LoadsEachTaskOnce()
    {
        using IAdapterLease first = await Lease("a#1"), again = await Lease("a@1#1"), other = await Lease("a#0"), none = await Lease("a");

        again.Adapter.ShouldBeSameAs(first.Adapter);
        first.Version.Reference.ShouldBe("a@1");
        Loader.Begun.Select(f => f.Task).ShouldBe([1, 0, null]);
        Residency.Statistics.Residents.Count.ShouldBe(3);
    }

    [Theory]
    [InlineData("a#")]
    [InlineData("a#-1")]
    [InlineData("a#one")]
    public async Task Lease_OfNoTask_SaysWhatIsExpected(string reference) =>
        (await Should.ThrowAsync<StoreException>(Lease(reference))).Message.ShouldContain("the number of a task");

    [Fact]
    public async Task Lease_HoldsTheVersionInTheStore_UntilItIsDisposed()
    {
        IAdapterLease lease = await Lease("a");
        Should.Throw<StoreException>(() => Store.Remove("a@1")).Message.ShouldContain("in use");
        lease.Dispose();
        lease.Dispose();
        Should.Throw<ObjectDisposedException>(() => lease.Adapter);

        // In memory, but nobody uses it: it may be removed, and then it is not served from memory either.
        Residency.Statistics.Residents.Single().Leases.ShouldBe(0);
        Store.Remove("a@1");
        await Should.ThrowAsync<AdapterNotFoundException>(Lease("a@1"));
    }

    [Fact]
    public async Task Lease_FirstUse_RecordsTheBase()
    {
        await Use("a");
        Store.Resolve("a").Base.ShouldBe(Loader.Model);
        Loader.Begun.Single().Base.ShouldBeNull();
    }

    [Fact]
    public async Task Lease_AnotherProcessRecordedAnotherBaseMeanwhile_TheLoaderDecidesAgain()
    {
        Loader.Shut("a@1");
        Task<IAdapterLease> waiting = Lease("a");
        await Begun(1);
        Store.RecordBase(Store.Resolve("a"), SampleAdapter.Base("other"));
        Loader.Failure = files => files.Base is { } known ? new AdapterBaseMismatchException(files.Name, "weights", "mine", known.Weights) : null;
        Loader.Open("a@1");

        await Should.ThrowAsync<AdapterBaseMismatchException>(waiting);
        Loader.Begun.Select(f => f.Base).ShouldBe([null, SampleAdapter.Base("other")]);
        Loader.Alive.ShouldBeEmpty();
    }
}
