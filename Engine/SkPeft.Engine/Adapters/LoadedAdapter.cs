namespace SkPeft.Engine.Adapters;

/// <summary>An adapter whose effects are sorted for one model.</summary>
internal sealed class LoadedAdapter : ILoadedAdapter
{
    private readonly Lock _gate = new();
    private readonly ModelFingerprintSource _model;
    private IPeftMethodLease? _lease;
    private EffectPlan? _plan;
    private int _requests;
    private bool _closed;

    public LoadedAdapter(ModelFingerprintSource model, IPeftMethodLease lease, string peftType, EffectPlan plan, long bytes, IReadOnlyList<string> modules, IReadOnlyList<string> warnings)
    {
        _model = model;
        _lease = lease;
        _plan = plan;
        PeftType = peftType;
        Bytes = bytes;
        MatchedModules = modules;
        Warnings = warnings;
        Labels = plan.Classifier?.Labels ?? [];
        Slots = plan.Slots?.Slots;
        Plugin = lease.Plugin;
    }

    public string PeftType { get; }

    public long Bytes { get; }

    public IReadOnlyList<string> MatchedModules { get; }

    public IReadOnlyList<string> Labels { get; }

    public SoftSlots? Slots { get; }

    public PluginIdentity Plugin { get; }

    public ModelFingerprint Model => _model.Value;

    public IReadOnlyList<string> Warnings { get; }

    public bool IsFor(ModelFingerprintSource model) => ReferenceEquals(_model, model);

    /// <summary>Begins a request with the effects; <see cref="Leave"/> ends it.</summary>
    /// <exception cref="ObjectDisposedException">The adapter was disposed.</exception>
    public EffectPlan Enter()
    {
        lock (_gate)
        {
            if (_closed)
            {
                throw new ObjectDisposedException(nameof(LoadedAdapter), "The adapter was disposed: load it again, and keep its lease until the request has ended.");
            }

            _requests++;
            return _plan!;
        }
    }

    /// <summary>Ends a request.</summary>
    public void Leave()
    {
        lock (_gate)
        {
            _requests--;
            LetGo();
        }
    }

    /// <summary>No request can begin any more; memory and plugin are let go of when the last has ended (the owner's duty is to wait for it).</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _closed = true;
            LetGo();
        }
    }

    private void LetGo()
    {
        if (!_closed || _requests > 0)
        {
            return;
        }

        // Effects may be types of the plugin: let go of them before the plugin is released, or its unload can never be proved.
        _plan?.Dispose();
        _plan = null;
        _lease?.Dispose();
        _lease = null;
    }
}
