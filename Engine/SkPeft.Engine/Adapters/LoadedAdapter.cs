namespace SkPeft.Engine.Adapters;

/// <summary>An adapter, or several that act together, whose effects are sorted for one model.</summary>
internal sealed class LoadedAdapter : ILoadedAdapter
{
    private readonly Lock _gate = new();
    private readonly ModelFingerprintSource _model;
    private readonly AdapterFacts _facts;
    private IDisposable? _held;
    private EffectPlan? _plan;
    private int _requests;
    private bool _closed;

    /// <param name="model">The model that it was loaded for.</param>
    /// <param name="held">What its effects need to exist (the lease of its method, or other adapters); let go of with the last request.</param>
    /// <param name="plugin">The plugin that made it.</param>
    /// <param name="plan">The effects; disposed with the last request.</param>
    /// <param name="facts">What else is known of it.</param>
    public LoadedAdapter(ModelFingerprintSource model, IDisposable held, PluginIdentity plugin, EffectPlan plan, AdapterFacts facts)
    {
        (_model, _held, _plan, _facts, Plugin) = (model, held, plan, facts, plugin);
        Labels = plan.Classifier?.Labels ?? [];
        Slots = plan.Slots?.Slots;
    }

    public string PeftType => _facts.PeftType;

    public long Bytes => _facts.Bytes;

    public IReadOnlyList<string> MatchedModules => _facts.Modules;

    public IReadOnlyList<string> Warnings => _facts.Warnings;

    public IReadOnlyList<string> Labels { get; }

    public SoftSlots? Slots { get; }

    public PluginIdentity Plugin { get; }

    public ModelFingerprint Model => _model.Value;

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
        _held?.Dispose();
        _held = null;
    }
}
