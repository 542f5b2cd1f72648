namespace SkPeft.Adapters.Store;

/// <summary>Brings one version into memory: hold it, hash its files, let the loader build it, and record its base at first use.</summary>
internal sealed class VersionLoading(IAdapterStore store, IAdapterLoader loader, long budget)
{
    public async Task<ILoadedAdapter> RunAsync(AdapterVersion version, int? task, CancellationToken cancellationToken)
    {
        using IAdapterHold hold = store.Hold(version.Reference);
        AdapterFiles files = hold.OpenFiles(cancellationToken) with { Task = task };
        ILoadedAdapter adapter = await LoadAsync(files, cancellationToken);
        if (files.Base is not null)
        {
            return adapter;
        }

        ModelFingerprint recorded;
        try
        {
            recorded = Record(hold.Version, adapter.Model);
            if (recorded == adapter.Model)
            {
                return adapter;
            }
        }
        catch
        {
            adapter.Dispose();
            throw;
        }

        // Another process used it first, with another base: the loader decides again, knowing that.
        adapter.Dispose();
        return await LoadAsync(files with { Base = recorded }, cancellationToken);
    }

    private async Task<ILoadedAdapter> LoadAsync(AdapterFiles files, CancellationToken cancellationToken)
    {
        ILoadedAdapter adapter = await loader.LoadAsync(files, cancellationToken);
        if (adapter.Bytes <= budget)
        {
            return adapter;
        }

        long bytes = adapter.Bytes;
        adapter.Dispose();
        throw new StoreException(
            $"Adapter '{files.Name}' takes {bytes} bytes in memory, more than the whole budget of {budget} bytes for adapters. Raise the " +
            $"budget ({nameof(ResidencyOptions)}.{nameof(ResidencyOptions.BudgetBytes)}) to at least {bytes}.");
    }

    private ModelFingerprint Record(AdapterVersion version, ModelFingerprint model)
    {
        try
        {
            return store.RecordBase(version, model);
        }
        catch (StoreException)
        {
            // A read-only store serves all the same; it just cannot learn.
            return model;
        }
    }
}
