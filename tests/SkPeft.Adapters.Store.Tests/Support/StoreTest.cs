namespace SkPeft.Adapters.Store.Tests;

/// <summary>A test with a store of its own.</summary>
public abstract class StoreTest : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    protected StoreTest() => Store = AdapterStore.Open(At("store"));

    protected AdapterStore Store { get; }

    public void Dispose()
    {
        CleanUp();
        _folder.Dispose();
        GC.SuppressFinalize(this);
    }

    protected virtual void CleanUp()
    {
    }

    protected string At(params string[] parts) => _folder.At(parts);

    /// <summary>Adds the sample with this seed.</summary>
    protected AdapterVersion Add(string name, int seed) => Store.Add(name, Sample(seed)).Version;

    protected string Sample(int seed) => SampleAdapter.Write(At($"sample-{seed}"), seed);

    protected string[] Blobs() => Directory.GetFiles(At("store", "blobs"), "*", SearchOption.AllDirectories);
}
