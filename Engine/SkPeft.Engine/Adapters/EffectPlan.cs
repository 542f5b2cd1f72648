using SkPeft.Tensors.Kernels;

namespace SkPeft.Engine.Adapters;

/// <summary>An adapter's sorted effects with what the serving kernels need of them.</summary>
/// <remarks>Immutable. The empty plan is the bare base. Disposed with its adapter, after the last request.</remarks>
internal sealed class EffectPlan : EffectIndex, IDisposable
{
    private readonly Dictionary<LowRankEffect, LowRankFactors> _factors;

    private EffectPlan(string adapter, string plugin, IReadOnlyList<Effect> effects)
        : base(adapter, plugin, effects)
    {
        _factors = effects.OfType<LowRankEffect>().Distinct().ToDictionary(e => e, e => new LowRankFactors(e.A.Data, e.B.Data, e.A[0], e.Scale));
    }

    /// <summary>The plan of the bare base.</summary>
    public static EffectPlan Empty { get; } = new("", "", []);

    /// <summary>Bytes of native memory held.</summary>
    public long Bytes => _factors.Values.Sum(f => f.Bytes);

    /// <summary>Sorts and checks effects.</summary>
    /// <exception cref="AdapterShapeException">An effect does not fit the base. A method that lets this happen has a bug.</exception>
    public static EffectPlan Compile(string adapter, string plugin, IReadOnlyList<Effect> effects, ModelShape shape)
    {
        new EffectChecker(adapter, shape).Check(effects);
        return new EffectPlan(adapter, plugin, effects);
    }

    /// <summary>The packed factors of one of this plan's effects.</summary>
    public LowRankFactors FactorsOf(LowRankEffect effect) => _factors[effect];

    public void Dispose()
    {
        foreach (LowRankFactors factors in _factors.Values)
        {
            factors.Dispose();
        }
    }
}
