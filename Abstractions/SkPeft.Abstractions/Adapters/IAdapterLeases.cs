namespace SkPeft;

/// <summary>Gives requests the adapter version that a reference names now, in memory, for as long as they need it.</summary>
/// <remarks>Safe for concurrent use. Loading one adapter never delays a lease on another.</remarks>
public interface IAdapterLeases
{
    /// <summary>Resolves the reference (see <see cref="ServedReference"/>), loads the version if need be, and leases it.</summary>
    /// <exception cref="AdapterNotFoundException">Nothing has this name.</exception>
    ValueTask<IAdapterLease> LeaseAsync(string reference, CancellationToken cancellationToken = default);
}

/// <summary>A version that stays in memory until the lease is disposed, whatever happens to its alias or plugin meanwhile.</summary>
public interface IAdapterLease : IDisposable
{
    /// <summary>The version.</summary>
    AdapterVersion Version { get; }

    /// <summary>The adapter.</summary>
    ILoadedAdapter Adapter { get; }
}
