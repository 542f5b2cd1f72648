using System.Runtime.CompilerServices;

namespace SkPeft.Plugins;

/// <summary>One generation in service: counts its leases, and lets go of the plugin when it is retired and the last of them has ended.</summary>
internal sealed class PluginInstance
{
    private readonly Lock _lock = new();
    private readonly HandedOut _handedOut = new();
    private readonly HashSet<LeaseRecord> _leases = [];
    private readonly EventSink _events;
    private readonly UnloadProver _prover;
    private readonly TimeProvider _time;
    private readonly TimeSpan _drainWarning;
    private readonly RetiredPlugin _retired;
    private PluginLoadContext? _context;
    private IReadOnlyDictionary<string, IPeftMethod>? _methods;
    private ITimer? _drainTimer;
    private bool _isRetired;

    public PluginInstance(
        PluginIdentity identity, string path, AllowListVerdict verdict, PluginLoadContext context, ActivatedMethods methods,
        EventSink events, UnloadProver prover, TimeSpan drainWarning, TimeProvider time)
    {
        Identity = identity;
        Path = path;
        Methods = methods.Infos;
        _context = context;
        _methods = methods.ByType;
        _events = events;
        _prover = prover;
        _drainWarning = drainWarning;
        _time = time;
        _retired = new RetiredPlugin(identity, path, verdict, Methods, null, _handedOut);
        foreach (IPeftMethod method in methods.ByType.Values.Distinct())
        {
            _handedOut.Track(method, "the method itself");
        }
    }

    public PluginIdentity Identity { get; }

    public string Path { get; }

    public IReadOnlyList<PluginMethodInfo> Methods { get; }

    /// <summary>The types that it reads, for messages.</summary>
    public string PeftTypes => string.Join(", ", Methods.Select(m => m.PeftType));

    /// <summary>True once the plugin was let go: nothing of it is referenced from here, and its end is watched elsewhere.</summary>
    public bool IsGone
    {
        get
        {
            lock (_lock)
            {
                return _methods is null;
            }
        }
    }

    public bool Reads(string peftType) => Methods.Any(m => string.Equals(m.PeftType, peftType, StringComparison.OrdinalIgnoreCase));

    /// <summary>Takes a lease; null where this generation has already let go of its plugin, and the caller must look up the newer one.</summary>
    public MethodLease? TryLease(string peftType)
    {
        LeaseRecord record = new(LeaseRecord.CallerOf(), _time.GetUtcNow());
        lock (_lock)
        {
            if (_methods is null)
            {
                return null;
            }

            _leases.Add(record);
            return new MethodLease(this, record, _methods[peftType], _handedOut);
        }
    }

    public void Release(LeaseRecord record)
    {
        bool drained;
        lock (_lock)
        {
            drained = _leases.Remove(record) && _isRetired && _leases.Count == 0;
        }

        if (drained)
        {
            LetGo();
        }
    }

    /// <summary>No longer offered. Leases that were taken run on; with the last of them the plugin is let go.</summary>
    public void Retire()
    {
        bool drained;
        lock (_lock)
        {
            if (_isRetired)
            {
                return;
            }

            _isRetired = true;
            drained = _leases.Count == 0;
            if (!drained)
            {
                _drainTimer = _time.CreateTimer(static s => ((PluginInstance)s!).WarnOfLeases(), this, _drainWarning, Timeout.InfiniteTimeSpan);
            }
        }

        if (drained)
        {
            LetGo();
        }
    }

    public PluginInfo Describe()
    {
        lock (_lock)
        {
            return _methods is null
                ? _retired.Describe()
                : _retired.Describe() with
                {
                    Status = _isRetired ? PluginStatus.Draining : PluginStatus.Active,
                    Leases = _leases.Count,
                    Reason = _isRetired ? LeasesInWords() : null,
                };
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void LetGo()
    {
        PluginLoadContext? context;
        lock (_lock)
        {
            if (_leases.Count > 0)
            {
                // A lease was taken between the last one's end and now, by a caller that had looked up this generation just before it was replaced.
                return;
            }

            context = _context;
            _context = null;
            _methods = null;
            _drainTimer?.Dispose();
            _drainTimer = null;
        }

        if (context is not null)
        {
            _prover.Unload(context, _retired);
        }
    }

    private void WarnOfLeases()
    {
        string leases;
        lock (_lock)
        {
            if (_leases.Count == 0)
            {
                return;
            }

            leases = LeasesInWords();
        }

        _events.Raise(
            PluginEventKind.StillHeld, Identity.Name,
            $"{RetiredPlugin.NameOf(Identity)} was replaced or removed {_drainWarning.TotalSeconds:0.###} s ago and is still in use: {leases}.",
            Identity);
    }

    private string LeasesInWords() =>
        string.Join("; ", _leases.OrderBy(l => l.Since).Take(5)) + (_leases.Count > 5 ? $"; and {_leases.Count - 5} more" : "");
}
