namespace SkPeft.Adapters.Store;

/// <summary>
/// Who is in memory, who may stay and who must go. Not thread-safe: the <see cref="AdapterResidency"/> locks. It disposes nothing itself;
/// what leaves is handed back, to be disposed outside the lock.
/// </summary>
internal sealed class ResidentSet(long budget)
{
    private readonly Dictionary<string, Resident> _serving = new(StringComparer.Ordinal);
    private readonly HashSet<Resident> _draining = [];
    private readonly Dictionary<string, string?> _pins = new(StringComparer.Ordinal);
    private readonly List<Resident> _left = [];
    private long _clock;

    /// <summary>Bytes of everything in memory, draining adapters and what compositions hold of their own included.</summary>
    public long Bytes { get; private set; }

    public IReadOnlyCollection<string> Pins => _pins.Keys;

    public IEnumerable<Resident> Serving => _serving.Values;

    public Resident? Find(string key) => _serving.GetValueOrDefault(key);

    /// <summary>The resident of the version, for the task that is asked for, with one lease more; a new one where there is none.</summary>
    public Resident Join(AdapterVersion version, ServedReference asked, out bool isNew)
    {
        Resident fresh = new(version, asked);
        isNew = !_serving.TryGetValue(fresh.Key, out Resident? resident);
        if (isNew)
        {
            _serving[fresh.Key] = resident = fresh;
        }

        resident!.Leases++;
        resident.LastUse = ++_clock;
        return resident;
    }

    public void Loaded(Resident resident, ILoadedAdapter adapter)
    {
        resident.Adapter = adapter;
        Bytes += adapter.Bytes;
        LeaveIfDone(resident);
        Trim();
    }

    /// <summary>Bytes beside the residents were taken (more than 0) or given back; they have a share in the budget while requests need them.</summary>
    public void Hold(long bytes)
    {
        Bytes += bytes;
        Trim();
    }

    /// <summary>Forgets a load that failed: the next request tries again.</summary>
    public void Failed(Resident resident)
    {
        Unlist(resident);
        _draining.Remove(resident);
    }

    public void Leave(Resident resident)
    {
        resident.Leases--;
        resident.LastUse = ++_clock;
        LeaveIfDone(resident);
        Trim();
    }

    /// <summary>New requests no longer get it; it leaves with its last lease.</summary>
    public void Retire(Resident resident, EvictionReason reason)
    {
        if (resident.Retired is null)
        {
            Unlist(resident);
            resident.Retired = reason;
            _draining.Add(resident);
            LeaveIfDone(resident);
        }
    }

    /// <summary>The budget spares the version that the reference names; null where that is not known.</summary>
    public void Pin(string reference, string? version) => _pins[reference] = version;

    /// <summary>What a pinned reference names now; nothing where it is not pinned.</summary>
    public void Repoint(string reference, string? version)
    {
        if (_pins.ContainsKey(reference))
        {
            _pins[reference] = version;
        }
    }

    public bool Unpin(string reference)
    {
        bool was = _pins.Remove(reference);
        Trim();
        return was;
    }

    public bool IsPinned(Resident resident) => resident.Retired is null && _pins.ContainsValue(resident.Key);

    /// <summary>Bytes of what is pinned.</summary>
    public long PinnedBytes => _serving.Values.Where(IsPinned).Sum(r => r.Adapter?.Bytes ?? 0);

    public List<ResidentAdapter> Report() =>
    [
        .. _serving.Values.Concat(_draining).OrderBy(r => r.Version.Reference, StringComparer.Ordinal).ThenBy(r => r.LastUse)
            .Select(r => new ResidentAdapter(r.Version, r.Adapter?.Bytes ?? 0, r.Leases, r.Adapter is null, IsPinned(r), r.Retired is not null)),
    ];

    /// <summary>Those that left since the last call; their adapters are the caller's to dispose.</summary>
    public List<Resident> TakeLeft()
    {
        List<Resident> left = [.. _left];
        _left.Clear();
        return left;
    }

    private void Trim()
    {
        while (Bytes > budget
            && _serving.Values.Where(r => r.Leases == 0 && r.Adapter is not null && !IsPinned(r)).MinBy(r => r.LastUse) is { } oldest)
        {
            Retire(oldest, EvictionReason.Budget);
        }
    }

    private void LeaveIfDone(Resident resident)
    {
        if (resident is { Retired: not null, Leases: 0, Adapter: { } adapter } && _draining.Remove(resident))
        {
            Bytes -= adapter.Bytes;
            _left.Add(resident);
        }
    }

    private void Unlist(Resident resident)
    {
        if (Find(resident.Key) == resident)
        {
            _serving.Remove(resident.Key);
        }
    }
}
