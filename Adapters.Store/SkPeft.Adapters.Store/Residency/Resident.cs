namespace SkPeft.Adapters.Store;

/// <summary>A version in memory, or on its way there. Its numbers are guarded by the lock of the <see cref="AdapterResidency"/>.</summary>
internal sealed class Resident(AdapterVersion version, ServedReference asked)
{
    private readonly TaskCompletionSource<ILoadedAdapter> _loading = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public AdapterVersion Version { get; } = version;

    /// <summary>The task that is served, where the adapter has several.</summary>
    public int? Task { get; } = asked.Task;

    /// <summary>What tells it from others: the exact version, and the task.</summary>
    public string Key { get; } = asked.With(version.Reference);

    /// <summary>Ends when the adapter can be used, or with the reason why it cannot.</summary>
    public Task<ILoadedAdapter> Loading => _loading.Task;

    /// <summary>The adapter, once it is loaded.</summary>
    public ILoadedAdapter? Adapter { get; set; }

    /// <summary>Requests that use it or wait for it.</summary>
    public int Leases { get; set; }

    /// <summary>When it was used last, on a clock that counts uses.</summary>
    public long LastUse { get; set; }

    /// <summary>Set once new requests no longer get it.</summary>
    public EvictionReason? Retired { get; set; }

    public void Succeed(ILoadedAdapter adapter) => _loading.TrySetResult(adapter);

    public void Fail(Exception reason)
    {
        _loading.TrySetException(reason);

        // Every waiter may have gone; that nobody looks at the failure then is not an accident.
        _ = _loading.Task.Exception;
    }
}
