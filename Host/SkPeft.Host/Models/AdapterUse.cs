using SkPeft.Adapters.Store;
using SkPeft.Engine;
using SkPeft.Connectors.Receipts;
using SkPeft.Connectors.Routing;

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
            return new AdapterUse(loaded, OfFolder(argument, files.Digest, loaded, model), loaded);
        }

        AdapterResidency residency = new(StoreFolder.Open(store), loader);
        try
        {
            IAdapterLease lease = await residency.LeaseAsync(task is null ? argument : $"{argument}{ServedReference.TaskMark}{task}", cancellation);
            Receipt receipt = ReceiptWriter.Write(new RouteExplanation { Reason = $"--adapter: the reference {argument}" }, lease, model.Path);
            return new AdapterUse(lease.Adapter, receipt, lease, residency);
        }
        catch
        {
            residency.Dispose();
            throw;
        }
    }

    public void Dispose() => Array.ForEach(_owned, o => o.Dispose());

    private static Receipt OfFolder(string folder, string digest, ILoadedAdapter adapter, LanguageModel model) => new()
    {
        Adapter = folder,
        Digest = digest,
        Method = adapter.PeftType,
        Modules = adapter.MatchedModules,
        Plugin = adapter.Plugin,
        Route = $"--adapter: the folder {folder}",
        Model = model.Path,
        Warnings = adapter.Warnings,
    };
}
