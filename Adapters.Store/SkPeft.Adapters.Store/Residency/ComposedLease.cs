namespace SkPeft.Adapters.Store;

/// <summary>Leases on several adapters, and the adapter that they make together; made for one request.</summary>
internal sealed class ComposedLease : IAdapterLease
{
    private readonly IAdapterLease[] _leases;
    private readonly float[] _weights;
    private ILoadedAdapter? _adapter;

    private ComposedLease(IAdapterLease[] leases, float[] weights, ILoadedAdapter adapter) => (_leases, _weights, _adapter) = (leases, weights, adapter);

    public AdapterVersion Version => _leases[0].Version;

    public IReadOnlyList<LeasedPart> Parts => [.. _leases.Zip(_weights, (l, w) => new LeasedPart(l.Version, w, l.Adapter))];

    public ILoadedAdapter Adapter => Volatile.Read(ref _adapter) ?? throw new ObjectDisposedException(nameof(IAdapterLease));

    /// <param name="loader">Composes.</param>
    /// <param name="asked">What is wanted.</param>
    /// <param name="lease">Leases one of them; loads run beside each other.</param>
    public static async Task<IAdapterLease> OpenAsync(IAdapterLoader loader, ComposedReference asked, Func<ServedReference, Task<IAdapterLease>> lease)
    {
        Task<IAdapterLease>[] leasing = [.. asked.Parts.Select(p => lease(p.Reference))];
        try
        {
            IAdapterLease[] leases = await Task.WhenAll(leasing);
            float[] weights = [.. asked.Parts.Select(p => p.Weight)];

            // Sorting some hundred effects, and packing those that have a weight: not on the caller's thread, which may be a socket's.
            WeightedAdapter[] parts = [.. leases.Zip(weights, (l, w) => new WeightedAdapter(l.Adapter, w))];
            return new ComposedLease(leases, weights, await Task.Run(() => loader.Compose(parts)));
        }
        catch
        {
            foreach (Task<IAdapterLease> one in leasing.Where(l => l.IsCompletedSuccessfully))
            {
                (await one).Dispose();
            }

            throw;
        }
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _adapter, null) is { } once)
        {
            once.Dispose();
            Array.ForEach(_leases, l => l.Dispose());
        }
    }
}
