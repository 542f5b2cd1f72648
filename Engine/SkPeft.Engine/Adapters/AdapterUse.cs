namespace SkPeft.Engine.Adapters;

/// <summary>One request's hold on an adapter's effects: they stay in memory until it is disposed, whatever its owner does.</summary>
internal sealed class AdapterUse : IDisposable
{
    private LoadedAdapter? _adapter;

    /// <summary>Begins a request.</summary>
    /// <param name="adapter">The adapter, or null for the bare base.</param>
    /// <param name="model">The model that is to run it.</param>
    /// <exception cref="InvalidOptionException">It was loaded for another model.</exception>
    /// <exception cref="ObjectDisposedException">It was disposed.</exception>
    public AdapterUse(ILoadedAdapter? adapter, ModelFingerprintSource model)
    {
        if (adapter is null)
        {
            Plan = EffectPlan.Empty;
            return;
        }

        if (adapter is not LoadedAdapter loaded || !loaded.IsFor(model))
        {
            throw new InvalidOptionException("adapter", "an adapter that another model's loader made", "one loaded by this model's loader");
        }

        Plan = loaded.Enter();
        _adapter = loaded;
    }

    /// <summary>The effects.</summary>
    public EffectPlan Plan { get; }

    public void Dispose() => Interlocked.Exchange(ref _adapter, null)?.Leave();
}
