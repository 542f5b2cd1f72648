namespace SkPeft.Adapters.Store;

/// <summary>Keeps the adapters that requests use in memory, within a budget of bytes.</summary>
/// <remarks>
/// <para>A reference is resolved for every request, so a flipped alias moves the next request and none before it. Requests for the same
/// version share one load, which belongs to none of them: whoever gives up waiting does not stop it. Loads run beside each other and
/// outside every lock. A load that failed is forgotten; the next request tries again.</para>
/// <para>Over the budget, the adapter whose last use is longest ago goes first; one that is leased or pinned never goes. An adapter whose
/// plugin was replaced is loaded anew for the next request, and the old copy goes with its last lease.</para>
/// <para>Safe for concurrent use. It disposes the adapters that its loader gave it; it owns neither store nor loader.</para>
/// </remarks>
public sealed class AdapterResidency : IAdapterLeases, IDisposable
{
    private readonly IAdapterStore _store;
    private readonly IAdapterLoader _loader;
    private readonly ResidencyOptions _options;
    private readonly VersionLoading _loading;
    private readonly CancellationTokenSource _shutdown = new();
    private readonly Lock _gate = new();
    private readonly ResidentSet _set;
    private readonly Compositions _compositions;
    private readonly Dictionary<EvictionReason, long> _evictions = [];
    private long _hits, _loads, _failedLoads;
    private bool _disposed;

    /// <summary>Creates an empty residency.</summary>
    /// <param name="store">Where versions come from.</param>
    /// <param name="loader">Builds adapters for the model in this process.</param>
    /// <param name="options">The budget.</param>
    /// <exception cref="InvalidOptionException">The budget is not positive.</exception>
    public AdapterResidency(IAdapterStore store, IAdapterLoader loader, ResidencyOptions? options = null)
    {
        (_store, _loader, _options) = (store, loader, options ?? new ResidencyOptions());
        if (_options.BudgetBytes <= 0)
        {
            throw new InvalidOptionException(nameof(ResidencyOptions.BudgetBytes), $"{_options.BudgetBytes}", "a positive number of bytes");
        }

        _loading = new VersionLoading(store, loader, _options.BudgetBytes);
        _set = new ResidentSet(_options.BudgetBytes);
        _compositions = new Compositions(loader, bytes => Locked(() => _set.Hold(bytes)));
    }

    /// <summary>Told of every adapter that left memory, after it was disposed. Runs on the thread that let it go; must not throw.</summary>
    public event Action<AdapterEviction>? Evicted;

    /// <summary>Counts, and what is in memory now.</summary>
    public ResidencyStatistics Statistics
    {
        get
        {
            lock (_gate)
            {
                return new ResidencyStatistics(
                    _hits, _loads, _failedLoads, new Dictionary<EvictionReason, long>(_evictions), _set.Bytes, _options.BudgetBytes, _set.Report());
            }
        }
    }

    /// <inheritdoc/>
    /// <exception cref="AdapterIntegrityException">A stored file does not have its digest.</exception>
    /// <exception cref="StoreException">The store cannot be read, or the adapter is larger than the whole budget.</exception>
    public async ValueTask<IAdapterLease> LeaseAsync(string reference, CancellationToken cancellationToken = default)
    {
        ComposedReference asked = ComposedReference.Parse(reference);
        return asked.IsSingle
            ? await LeaseAsync(asked.Parts[0].Reference, cancellationToken)
            : await ComposedLease.OpenAsync(_compositions, asked, r => LeaseAsync(r, cancellationToken));
    }

    /// <summary>Loads what the reference names, and keeps it in memory, now and after its alias has moved on (the new version then).</summary>
    /// <exception cref="StoreException">What is pinned would not fit into the budget.</exception>
    public async Task PinAsync(string reference, CancellationToken cancellationToken = default)
    {
        ServedReference served = ServedReference.Parse(reference);
        string asked = $"{served}";
        using IAdapterLease lease = await LeaseAsync(served, cancellationToken);
        long pinned = 0;
        Locked(() =>
        {
            _set.Pin(asked, served.With(lease.Version.Reference));
            pinned = _set.PinnedBytes;
        });
        if (pinned > _options.BudgetBytes)
        {
            Unpin(asked);
            throw new StoreException(
                $"Cannot pin '{asked}': what is pinned would take {pinned} bytes, the budget for adapters is {_options.BudgetBytes} bytes. " +
                "Raise the budget or pin less.");
        }
    }

    /// <summary>Lets the budget evict what the reference names; false where it was not pinned.</summary>
    public bool Unpin(string reference)
    {
        string asked = ServedReference.Parse(reference).ToString();
        bool was = false;
        Locked(() => was = _set.Unpin(asked));
        return was;
    }

    /// <summary>
    /// Lets go of every adapter whose plugin is no longer the newest: idle ones now, others with their last lease. Call it when a plugin
    /// was replaced, so that the old one can unload without waiting for requests.
    /// </summary>
    public void ReleaseStale()
    {
        Resident[] loaded = [];
        Locked(() => loaded = [.. _set.Serving.Where(r => r.Adapter is not null)]);
        Resident[] stale = [.. loaded.Where(r => !_loader.IsCurrent(r.Adapter!))];
        Locked(() => Array.ForEach(stale, r => _set.Retire(r, EvictionReason.StalePlugin)));
    }

    /// <summary>Refuses new requests, stops loads, and disposes what nobody leases; the rest goes with its last lease.</summary>
    public void Dispose()
    {
        Locked(() =>
        {
            if (!_disposed)
            {
                _disposed = true;
                foreach (Resident resident in _set.Serving.ToArray())
                {
                    _set.Retire(resident, EvictionReason.Shutdown);
                }
            }
        });

        // Not disposed: loads that are still ending hold its token, and it owns no timer.
        _shutdown.Cancel();
    }

    private async Task<IAdapterLease> LeaseAsync(ServedReference asked, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);

        // Resolving reads the disk, and may wait for a writer in another process.
        IAdapterHold hold = await Task.Run(() => _store.Hold($"{asked.Stored}"), cancellationToken);
        Resident? resident = null;
        try
        {
            resident = Join(asked, hold.Version);
            ILoadedAdapter adapter = await resident.Loading.WaitAsync(cancellationToken);
            return new ResidencyLease(hold.Version, adapter, () => Release(hold, resident));
        }
        catch
        {
            Release(hold, resident);
            throw;
        }
    }

    private Resident Join(ServedReference asked, AdapterVersion version)
    {
        // The loader is asked outside the lock. If the answer is old by the time it is used, the request began before the plugin changed.
        Resident? known = null;
        Locked(() => known = _set.Find(asked.With(version.Reference)));
        bool isStale = known?.Adapter is { } adapter && !_loader.IsCurrent(adapter);

        Resident joined = null!;
        bool isNew = false;
        Locked(() =>
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (isStale)
            {
                _set.Retire(known!, EvictionReason.StalePlugin);
            }

            _set.Repoint($"{asked}", asked.With(version.Reference));
            joined = _set.Join(version, asked, out isNew);
            _ = isNew ? _loads++ : _hits++;
        });
        if (isNew)
        {
            _ = Task.Run(() => LoadAsync(joined));
        }

        return joined;
    }

    private async Task LoadAsync(Resident resident)
    {
        ILoadedAdapter adapter;
        try
        {
            adapter = await _loading.RunAsync(resident.Version, resident.Task, _shutdown.Token);
        }
        catch (Exception e)
        {
            Locked(() =>
            {
                _failedLoads++;
                _set.Failed(resident);
            });
            resident.Fail(_shutdown.IsCancellationRequested ? new ObjectDisposedException(nameof(AdapterResidency), e) : e);
            return;
        }

        try
        {
            Dictionary<string, string?> pins = ResolvePins();
            Locked(() =>
            {
                foreach ((string reference, string? version) in pins)
                {
                    _set.Repoint(reference, version);
                }

                _set.Loaded(resident, adapter);
            });
        }
        finally
        {
            resident.Succeed(adapter);
        }

        // Its plugin may have been replaced during the load, before ReleaseStale could see the adapter.
        if (!_loader.IsCurrent(adapter))
        {
            Locked(() => _set.Retire(resident, EvictionReason.StalePlugin));
        }
    }

    private Dictionary<string, string?> ResolvePins()
    {
        string[] references = [];
        Locked(() => references = [.. _set.Pins]);
        return references.ToDictionary(r => r, r =>
        {
            try
            {
                ServedReference served = ServedReference.Parse(r);
                return served.With(_store.Resolve($"{served.Stored}").Reference);
            }
            catch (SkPeftException)
            {
                // Removed, or the store cannot be read just now: nothing to spare until someone asks for it again.
                return null;
            }
        });
    }

    private void Release(IAdapterHold hold, Resident? resident)
    {
        hold.Dispose();
        if (resident is not null)
        {
            Locked(() => _set.Leave(resident));
        }
    }

    // Changes the set, then disposes what left it, outside the lock.
    private void Locked(Action change)
    {
        List<Resident> left;
        lock (_gate)
        {
            change();
            left = _set.TakeLeft();
            foreach (Resident resident in left)
            {
                _evictions[resident.Retired!.Value] = _evictions.GetValueOrDefault(resident.Retired.Value) + 1;
            }
        }

        foreach (Resident resident in left)
        {
            long bytes = resident.Adapter!.Bytes;
            resident.Adapter.Dispose();
            Evicted?.Invoke(new AdapterEviction(resident.Version, resident.Retired!.Value, bytes));
        }
    }
}
