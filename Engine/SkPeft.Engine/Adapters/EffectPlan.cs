using SkPeft.Tensors.Kernels;

namespace SkPeft.Engine.Adapters;

/// <summary>An adapter's sorted effects with what the serving kernels need of them.</summary>
/// <remarks>Immutable. The empty plan is the bare base. Disposed with its adapter, after the last request.</remarks>
internal sealed class EffectPlan : EffectIndex, IDisposable
{
    private readonly Dictionary<LowRankEffect, LowRankFactors> _factors;

    private static long s_unnamed;

    private EffectPlan(string adapter, string plugin, string? digest, IReadOnlyList<Effect> effects, int layers)
        : base(adapter, plugin, effects)
    {
        Digest = digest ?? $"unnamed {Interlocked.Increment(ref s_unnamed)}";
        ChangesKeysAndValues = effects.Any(e => e.ChangesKeysOrValues(layers));
        _factors = effects.OfType<LowRankEffect>().Distinct().ToDictionary(e => e, e => new LowRankFactors(e.A, e.B, e.Scale));
    }

    /// <summary>The plan of the bare base.</summary>
    public static EffectPlan Empty { get; } = new("", "", "base", [], 0);

    /// <summary>What it computes, by content: equal for equal files and equal code only.</summary>
    public string Digest { get; }

    /// <summary>False where the keys and values of a text are the bare base's.</summary>
    public bool ChangesKeysAndValues { get; }

    /// <summary>Bytes of native memory held.</summary>
    public long Bytes => _factors.Values.Sum(f => f.Bytes);

    /// <summary>Sorts and checks effects.</summary>
    /// <param name="adapter">The adapter, for messages.</param>
    /// <param name="plugin">Its plugin, for messages.</param>
    /// <param name="effects">The effects.</param>
    /// <param name="shape">The base.</param>
    /// <param name="digest">See <see cref="Digest"/>; null: equal to no other.</param>
    /// <exception cref="AdapterShapeException">An effect does not fit the base. A method that lets this happen has a bug.</exception>
    public static EffectPlan Compile(string adapter, string plugin, IReadOnlyList<Effect> effects, ModelShape shape, string? digest = null)
    {
        new EffectChecker(adapter, shape).Check(effects);
        return new EffectPlan(adapter, plugin, digest, effects, shape.Sizes.Layers);
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
