using SkPeft.Adapters.Store;
using SkPeft.Engine;
using SkPeft.Connectors.Receipts;

namespace SkPeft.Host.Models;

/// <summary>The adapter of a command: loaded from a folder, or leased from the store, until it is disposed.</summary>
internal sealed class AdapterUse : IDisposable
{
    private readonly IDisposable[] _owned;

    private AdapterUse(ILoadedAdapter adapter, Receipt receipt, params IDisposable[] owned) => (Adapter, Receipt, _owned) = (adapter, receipt, owned);

    public ILoadedAdapter Adapter { get; }

    public Receipt Receipt { get; }

    public static async Task<AdapterUse> OpenAsync(string argument, int? task, string? store, LanguageModel model, IPeftMethodCatalog catalog, CancellationToken cancellation)
    {
        IAdapterLoader loader = model.CreateAdapterLoader(catalog);
        if (AdapterArgument.IsFolder(argument))
        {
            AdapterFiles files = AdapterFolder.Open(argument, cancellation) with { Task = task };
            ILoadedAdapter loaded = await loader.LoadAsync(files, cancellation);
            return new AdapterUse(loaded, ReceiptOf(argument, null, files.Digest, loaded, model, $"--adapter: the folder {argument}"), loaded);
        }

        AdapterResidency residency = new(StoreFolder.Open(store), loader);
        try
        {
            IAdapterLease lease = await residency.LeaseAsync(task is null ? argument : $"{argument}{ServedReference.TaskMark}{task}", cancellation);
            AdapterVersion version = lease.Version;
            Receipt receipt = ReceiptOf(version.Name, version.Number, version.Digest, lease.Adapter, model, $"--adapter: the reference {argument}");
            return new AdapterUse(lease.Adapter, receipt, lease, residency);
        }
        catch
        {
            residency.Dispose();
            throw;
        }
    }

    public void Dispose() => Array.ForEach(_owned, o => o.Dispose());

    private static Receipt ReceiptOf(string name, int? version, string digest, ILoadedAdapter adapter, LanguageModel model, string route) => new()
    {
        Adapter = name,
        Version = version,
        Digest = digest,
        Method = adapter.PeftType,
        Modules = adapter.MatchedModules,
        Plugin = adapter.Plugin,
        Route = route,
        Model = model.Path,
        Warnings = adapter.Warnings,
    };
}
