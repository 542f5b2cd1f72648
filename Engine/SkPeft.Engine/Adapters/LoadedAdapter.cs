namespace SkPeft.Engine.Adapters;

/// <summary>An adapter whose effects are sorted for one model.</summary>
internal sealed class LoadedAdapter : ILoadedAdapter
{
    private readonly ModelFingerprintSource _model;
    private IPeftMethodLease? _lease;
    private EffectPlan? _plan;

    public LoadedAdapter(ModelFingerprintSource model, IPeftMethodLease lease, string peftType, EffectPlan plan, long bytes, IReadOnlyList<string> modules, IReadOnlyList<string> warnings)
    {
        _model = model;
        _lease = lease;
        _plan = plan;
        PeftType = peftType;
        Bytes = bytes;
        MatchedModules = modules;
        Warnings = warnings;
        Plugin = lease.Plugin;
    }

    public string PeftType { get; }

    public long Bytes { get; }

    public IReadOnlyList<string> MatchedModules { get; }

    public PluginIdentity Plugin { get; }

    public ModelFingerprint Model => _model.Value;

    public IReadOnlyList<string> Warnings { get; }

    /// <summary>The effects.</summary>
    /// <exception cref="ObjectDisposedException">Used after its lease ended.</exception>
    public EffectPlan Plan => _plan ?? throw new ObjectDisposedException(nameof(LoadedAdapter));

    public bool IsFor(ModelFingerprintSource model) => ReferenceEquals(_model, model);

    public void Dispose()
    {
        // Effects may be types of the plugin: let go of them before the plugin is released, or its unload can never be proved.
        Interlocked.Exchange(ref _plan, null)?.Dispose();
        Interlocked.Exchange(ref _lease, null)?.Dispose();
    }
}
