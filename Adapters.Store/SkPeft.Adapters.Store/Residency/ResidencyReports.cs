namespace SkPeft.Adapters.Store;

/// <summary>Why an adapter left memory.</summary>
public enum EvictionReason
{
    /// <summary>Room was needed, and it was the one whose last use was longest ago.</summary>
    Budget,

    /// <summary>A newer plugin of its method was loaded.</summary>
    StalePlugin,

    /// <summary>The residency was disposed.</summary>
    Shutdown,
}

/// <summary>An adapter left memory.</summary>
/// <param name="Version">The version.</param>
/// <param name="Reason">Why.</param>
/// <param name="Bytes">What it occupied.</param>
public sealed record AdapterEviction(AdapterVersion Version, EvictionReason Reason, long Bytes);

/// <summary>An adapter in memory.</summary>
/// <param name="Version">The version.</param>
/// <param name="Bytes">What it occupies; 0 while it loads.</param>
/// <param name="Leases">Requests that use it or wait for it.</param>
/// <param name="IsLoading">True until it can be used.</param>
/// <param name="IsPinned">True where the budget does not evict it.</param>
/// <param name="IsDraining">True where new requests get a fresh copy, and this one goes with its last lease.</param>
public sealed record ResidentAdapter(AdapterVersion Version, long Bytes, int Leases, bool IsLoading, bool IsPinned, bool IsDraining);

/// <summary>Counts since the residency was made, and what is in memory now.</summary>
/// <param name="Hits">Leases that found their adapter loaded or loading.</param>
/// <param name="Loads">Loads that were begun.</param>
/// <param name="FailedLoads">Loads that failed.</param>
/// <param name="Evictions">Adapters that left memory, by reason.</param>
/// <param name="ResidentBytes">Bytes of all adapters in memory, and of what running compositions hold beside them.</param>
/// <param name="BudgetBytes">The budget.</param>
/// <param name="Residents">The adapters in memory, by reference.</param>
public sealed record ResidencyStatistics(
    long Hits, long Loads, long FailedLoads, IReadOnlyDictionary<EvictionReason, long> Evictions, long ResidentBytes, long BudgetBytes,
    IReadOnlyList<ResidentAdapter> Residents);
