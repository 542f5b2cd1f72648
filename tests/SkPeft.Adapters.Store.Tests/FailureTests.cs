using Microsoft.Data.Sqlite;

namespace SkPeft.Adapters.Store.Tests;

public sealed class FailureTests : StoreTest
{
    [Theory]
    [InlineData(5, 5, "busy for 30 s")]
    [InlineData(6, 6, "busy for 30 s")]
    [InlineData(8, 8, "read-only")]
    [InlineData(8, 776, "was interrupted")]
    [InlineData(8, 264, "was interrupted")]
    [InlineData(10, 778, "Check the disk")]
    [InlineData(11, 11, "damaged")]
    [InlineData(13, 13, "is full")]
    [InlineData(14, 14, "cannot be opened")]
    [InlineData(26, 26, "damaged")]
    public void Of_SqliteCodes_BecomeSentencesThatNameStoreAndAction(int code, int extended, string said)
    {
        string message = StoreFailure.Of("/the/store", "promote 'a'", new SqliteException("sqlite's words", code, extended)).Message;
        message.ShouldContain(said);
        message.ShouldContain("'/the/store'");
        message.ShouldStartWith("Cannot promote 'a':");
    }

    [Fact]
    public void Add_Cancelled_LeavesNothing()
    {
        Add("a", 1);
        string folder = Sample(2);
        Should.Throw<OperationCanceledException>(() => Store.Add("a", folder, cancellationToken: new CancellationToken(true)));
        Should.Throw<OperationCanceledException>(() => Store.Verify(new CancellationToken(true)));
        Should.Throw<OperationCanceledException>(() => Store.Export("a", At("out"), new CancellationToken(true)));
        Directory.GetFiles(At("store", "staging")).ShouldBeEmpty();
        Directory.Exists(At("out")).ShouldBeFalse();
        Blobs().Length.ShouldBe(2);
        Store.List().Count.ShouldBe(1);
    }

    [Fact]
    public async Task Lease_FromAStoreThatCannotRecordTheBase_IsServedAllTheSame()
    {
        Add("a", 1);
        var loader = new FakeLoader();
        using var residency = new AdapterResidency(ForgetfulStore.Over(Store), loader);
        using IAdapterLease lease = await residency.LeaseAsync("a");
        lease.Adapter.Model.ShouldBe(loader.Model);
        Store.Resolve("a").Base.ShouldBeNull();
    }

    /// <summary>A store that does everything but record a base, as on a read-only disk.</summary>
    public class ForgetfulStore : System.Reflection.DispatchProxy
    {
        private IAdapterStore _store = null!;

        public static IAdapterStore Over(IAdapterStore store)
        {
            IAdapterStore proxy = Create<IAdapterStore, ForgetfulStore>();
            ((ForgetfulStore)(object)proxy)._store = store;
            return proxy;
        }

        protected override object? Invoke(System.Reflection.MethodInfo? targetMethod, object?[]? args) =>
            targetMethod!.Name == nameof(IAdapterStore.RecordBase) ? throw new StoreException("read-only") : targetMethod.Invoke(_store, args);
    }
}
