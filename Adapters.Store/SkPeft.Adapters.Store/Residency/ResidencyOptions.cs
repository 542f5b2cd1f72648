namespace SkPeft.Adapters.Store;

/// <summary>How much memory adapters may take.</summary>
public sealed record ResidencyOptions
{
    /// <summary>
    /// Bytes of adapters that may stay in memory, by <see cref="ILoadedAdapter.Bytes"/>. Requests in flight are never refused for it: while
    /// they lease more than this, more is in memory, and the rest goes as soon as leases end. One adapter larger than this is an error.
    /// The default is 1 GiB.
    /// </summary>
    public long BudgetBytes { get; init; } = 1L << 30;
}
