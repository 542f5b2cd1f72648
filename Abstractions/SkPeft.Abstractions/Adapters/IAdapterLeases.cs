namespace SkPeft;

/// <summary>Gives requests the adapter version that a reference names now, in memory, for as long as they need it.</summary>
/// <remarks>Safe for concurrent use. Loading one adapter never delays a lease on another.</remarks>
public interface IAdapterLeases
{
    /// <summary>Resolves the reference (see <see cref="ComposedReference"/>), loads the versions if need be, and leases them.</summary>
    /// <exception cref="AdapterNotFoundException">Nothing has this name.</exception>
    /// <exception cref="AdapterCompositionException">The reference names adapters that cannot act together.</exception>
    ValueTask<IAdapterLease> LeaseAsync(string reference, CancellationToken cancellationToken = default);
}

/// <summary>A version, or several that act together; in memory until the lease is disposed, whatever happens to aliases or plugins meanwhile.</summary>
public interface IAdapterLease : IDisposable
{
    /// <summary>The version; where several act together, the first of <see cref="Parts"/>.</summary>
    AdapterVersion Version { get; }

    /// <summary>All versions that act, in order; one for most requests.</summary>
    IReadOnlyList<LeasedPart> Parts { get; }

    /// <summary>The adapter that a request runs with: of several the composition.</summary>
    ILoadedAdapter Adapter { get; }
}

/// <summary>One version of a lease.</summary>
/// <param name="Version">The version.</param>
/// <param name="Weight">What its additions are multiplied by; 1 for most.</param>
/// <param name="Adapter">It alone.</param>
public sealed record LeasedPart(AdapterVersion Version, float Weight, ILoadedAdapter Adapter);
