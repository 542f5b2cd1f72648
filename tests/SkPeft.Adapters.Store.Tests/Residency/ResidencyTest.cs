namespace SkPeft.Adapters.Store.Tests;

/// <summary>A residency over a real store and a fake loader. Adapters are named a … f, 100 bytes each, the budget is 250.</summary>
public abstract class ResidencyTest : StoreTest
{
    protected ResidencyTest()
    {
        int seed = 0;
        foreach (char name in "abcdef")
        {
            Add(name.ToString(), ++seed);
        }

        Residency = new AdapterResidency(Store, Loader, new ResidencyOptions { BudgetBytes = 250 });
        Residency.Evicted += eviction =>
        {
            lock (Evictions)
            {
                Evictions.Add($"{eviction.Version.Reference} {eviction.Reason}");
            }
        };
    }

    internal FakeLoader Loader { get; } = new();

    protected AdapterResidency Residency { get; }

    protected List<string> Evictions { get; } = [];

    protected static CancellationToken Patience => new CancellationTokenSource(TimeSpan.FromSeconds(30)).Token;

    protected Task<IAdapterLease> Lease(string reference) => Residency.LeaseAsync(reference, Patience).AsTask();

    protected async Task Use(params string[] references)
    {
        foreach (string reference in references)
        {
            (await Lease(reference)).Dispose();
        }
    }

    /// <summary>Waits until the loader has begun this many loads.</summary>
    protected async Task Begun(int loads)
    {
        while (Loader.Begun.Count < loads)
        {
            await Task.Delay(1, Patience);
        }
    }

    /// <summary>Waits until this holds; fails with the test's patience.</summary>
    protected static async Task Until(Func<bool> condition)
    {
        CancellationToken patience = Patience;
        while (!condition())
        {
            await Task.Delay(1, patience);
        }
    }

    protected override void CleanUp() => Residency.Dispose();
}
