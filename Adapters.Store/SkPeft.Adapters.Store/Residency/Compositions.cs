namespace SkPeft.Adapters.Store;

/// <summary>
/// Adapters that act together, made for the first request that asks for them and shared by all until the last has ended: their requests run
/// their effects together, and what a composition holds of its own (weighted copies) is held, and counted, once.
/// </summary>
/// <remarks>Safe for concurrent use. Whoever joins has leases on the parts until it has left.</remarks>
/// <param name="loader">Composes.</param>
/// <param name="hold">Told of bytes that were taken (more than 0) or given back.</param>
internal sealed class Compositions(IAdapterLoader loader, Action<long> hold)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<IReadOnlyList<WeightedAdapter>, Shared> _shared = new(new SameParts());

    /// <summary>The adapter of these parts, for one request more; <see cref="Leave"/> ends it.</summary>
    /// <exception cref="AdapterCompositionException">They cannot act together.</exception>
    public async Task<ILoadedAdapter> JoinAsync(IReadOnlyList<WeightedAdapter> parts)
    {
        Shared shared;
        lock (_gate)
        {
            if (!_shared.TryGetValue(parts, out Shared? known))
            {
                // Sorting some hundred effects: not on the caller's thread, which may be a socket's.
                Shared made = new();
                made.Making = Task.Run(() => Make(parts, made));
                _shared[parts] = known = made;
            }

            shared = known;
            shared.Requests++;
        }

        try
        {
            await shared.Making;
            return shared.Adapter!;
        }
        catch
        {
            Leave(parts);
            throw;
        }
    }

    /// <summary>A request has ended; with the last one the adapter goes.</summary>
    public void Leave(IReadOnlyList<WeightedAdapter> parts)
    {
        Shared shared;
        lock (_gate)
        {
            shared = _shared[parts];
            if (--shared.Requests > 0)
            {
                return;
            }

            _shared.Remove(parts);
        }

        if (shared.Adapter is { } adapter)
        {
            long bytes = adapter.Bytes;
            adapter.Dispose();
            hold(-bytes);
        }
    }

    private void Make(IReadOnlyList<WeightedAdapter> parts, Shared shared)
    {
        shared.Adapter = loader.Compose(parts);
        hold(shared.Adapter.Bytes);
    }

    private sealed class Shared
    {
        public Task Making { get; set; } = Task.CompletedTask;

        // Null until it was made, and where that failed.
        public ILoadedAdapter? Adapter { get; set; }

        public int Requests { get; set; }
    }

    // By the adapters themselves: a version whose plugin was replaced is loaded anew, and makes another composition.
    private sealed class SameParts : IEqualityComparer<IReadOnlyList<WeightedAdapter>>
    {
        public bool Equals(IReadOnlyList<WeightedAdapter>? x, IReadOnlyList<WeightedAdapter>? y) => x!.SequenceEqual(y!);

        public int GetHashCode(IReadOnlyList<WeightedAdapter> parts)
        {
            HashCode hash = default;
            foreach (WeightedAdapter part in parts)
            {
                hash.Add(part);
            }

            return hash.ToHashCode();
        }
    }
}
