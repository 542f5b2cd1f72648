using SkPeft.Adapters.Store;
using SkPeft.Engine;

namespace SkPeft.Host.Benchmarks;

/// <summary>A store of adapters to measure with, named <c>skill-0</c> and so on.</summary>
internal sealed class BenchStore : IDisposable
{
    private readonly LanguageModel _model;
    private readonly BenchAdapters _files;

    /// <summary>Creates an empty store.</summary>
    /// <param name="model">The base.</param>
    /// <param name="methods">Methods, used in turn.</param>
    /// <param name="option">The option that names them, for messages.</param>
    public BenchStore(LanguageModel model, IReadOnlyList<string> methods, string option = BenchAdapters.Methods)
    {
        _model = model;
        _files = new BenchAdapters(model, methods, option);
        Store = AdapterStore.Open(_files.Files.PathOf("store"));
    }

    public AdapterStore Store { get; }

    public static string NameOf(int index) => $"skill-{index}";

    /// <summary>Writes the adapter of this number and adds it, as the next version of a name.</summary>
    public AdapterVersion Add(int index, string name, CancellationToken cancellation)
    {
        string folder = _files.Write(index);
        AdapterVersion version = Store.Add(name, folder, _model.Fingerprint, cancellation).Version;
        Directory.Delete(folder, recursive: true);
        return version;
    }

    /// <summary>Loads one adapter and forgets it again: its size in memory.</summary>
    public async Task<long> MeasureAsync(string name, CancellationToken cancellation)
    {
        using AdapterResidency residency = Residency(long.MaxValue);
        using IAdapterLease lease = await residency.LeaseAsync(name, cancellation);
        return lease.Adapter.Bytes;
    }

    /// <summary>Adapters of this store in memory, none at first.</summary>
    public AdapterResidency Residency(long budget) => new(Store, _model.CreateAdapterLoader(_files.Plugins), new ResidencyOptions { BudgetBytes = budget });

    public void Dispose() => _files.Dispose();
}
