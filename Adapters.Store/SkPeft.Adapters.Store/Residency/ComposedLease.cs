namespace SkPeft.Adapters.Store;

/// <summary>One request's leases on several adapters, and its share in the adapter that they make together.</summary>
internal sealed class ComposedLease : IAdapterLease
{
    private readonly IAdapterLease[] _leases;
    private readonly ComposedReference _asked;
    private readonly Compositions _compositions;
    private WeightedAdapter[] _weighted;
    private ILoadedAdapter? _adapter;

    private ComposedLease(IAdapterLease[] leases, ComposedReference asked, Compositions compositions, WeightedAdapter[] weighted, ILoadedAdapter adapter) =>
        (_leases, _asked, _compositions, _weighted, _adapter) = (leases, asked, compositions, weighted, adapter);

    public AdapterVersion Version => _leases[0].Version;

    public IReadOnlyList<LeasedPart> Parts => [.. _leases.Zip(_asked.Parts, (l, p) => new LeasedPart(l.Version, p.Weight, l.Adapter))];

    public ILoadedAdapter Adapter => Volatile.Read(ref _adapter) ?? throw new ObjectDisposedException(nameof(IAdapterLease));

    /// <param name="compositions">Compose.</param>
    /// <param name="asked">What is wanted.</param>
    /// <param name="lease">Leases one of them; loads run beside each other.</param>
    public static async Task<IAdapterLease> OpenAsync(Compositions compositions, ComposedReference asked, Func<ServedReference, Task<IAdapterLease>> lease)
    {
        Task<IAdapterLease>[] leasing = [.. asked.Parts.Select(p => lease(p.Reference))];
        try
        {
            IAdapterLease[] leases = await Task.WhenAll(leasing);
            WeightedAdapter[] weighted = [.. leases.Zip(asked.Parts, (l, p) => new WeightedAdapter(l.Adapter, p.Weight))];
            return new ComposedLease(leases, asked, compositions, weighted, await compositions.JoinAsync(weighted));
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
        if (Interlocked.Exchange(ref _adapter, null) is not null)
        {
            _compositions.Leave(_weighted);

            // A lease that is kept by mistake must not keep a plugin's code alive.
            _weighted = [];
            Array.ForEach(_leases, l => l.Dispose());
        }
    }
}
