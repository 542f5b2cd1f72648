using SkPeft.Http.Hosting;

namespace SkPeft.Http.Admin;

/// <summary>Adds a folder to the store and loads it once: what does not fit this model does not stay.</summary>
internal static class CheckedAddition
{
    /// <exception cref="SkPeftException">The folder is no module, or no module for this model.</exception>
    public static async Task<AdapterAddition> RunAsync(ServedRuntime served, string name, string folder, CancellationToken cancellation)
    {
        IAdapterStore store = served.Runtime.Store;
        AdapterAddition added = await Task.Run(() => store.Add(name, folder, model: null, cancellation), cancellation);
        try
        {
            using IAdapterLease lease = await served.Runtime.Residency.LeaseAsync(added.Version.Reference, cancellation);
        }
        catch (Exception) when (added.IsNew)
        {
            store.Remove(added.Version.Reference);
            throw;
        }

        return added;
    }
}
