namespace SkPeft.Adapters.Store;

/// <summary>One request's share in a resident adapter, and its hold on the version in the store.</summary>
internal sealed class ResidencyLease(AdapterVersion version, ILoadedAdapter adapter, Action release) : IAdapterLease
{
    // Cleared on disposal: a request that keeps its lease object by mistake must not keep a plugin's code alive.
    private ILoadedAdapter? _adapter = adapter;
    private Action? _release = release;

    public AdapterVersion Version { get; } = version;

    public IReadOnlyList<LeasedPart> Parts => [new LeasedPart(Version, 1, Adapter)];

    public ILoadedAdapter Adapter => Volatile.Read(ref _adapter) ?? throw new ObjectDisposedException(nameof(IAdapterLease));

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _release, null) is { } once)
        {
            Volatile.Write(ref _adapter, null);
            once();
        }
    }
}
