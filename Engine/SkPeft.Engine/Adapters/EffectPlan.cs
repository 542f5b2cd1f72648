using SkPeft.Tensors.Kernels;

namespace SkPeft.Engine.Adapters;

/// <summary>An adapter's sorted effects with what the serving kernels need of them.</summary>
/// <remarks>Immutable. The empty plan is the bare base. Disposed with its adapter, after the last request.</remarks>
internal sealed class EffectPlan : EffectIndex, IDisposable
{
    private static long s_unnamed;

    private readonly Dictionary<LowRankEffect, LowRankFactors> _own;
    private readonly Dictionary<LowRankEffect, LowRankFactors> _shared;
    private readonly Dictionary<Effect, EffectPlan> _owners = [];

    private EffectPlan(string adapter, string plugin, string? digest, IReadOnlyList<Effect> effects, int layers, params PlanPart[] parts)
        : base(adapter, plugin, effects)
    {
        Digest = digest ?? $"unnamed {Interlocked.Increment(ref s_unnamed)}";
        ChangesKeysAndValues = effects.Any(e => e.ChangesKeysOrValues(layers));
        _shared = parts.Select(p => p.Plan).SelectMany(p => p._own.Concat(p._shared)).ToDictionary();
        _own = effects.OfType<LowRankEffect>().Where(e => !_shared.ContainsKey(e)).Distinct().ToDictionary(e => e, e => new LowRankFactors(e.A, e.B, e.Scale));
    }

    /// <summary>The plan of the bare base.</summary>
    public static EffectPlan Empty { get; } = new("", "", "base", [], 0);

    /// <summary>What it computes, by content: equal for equal files and equal code only.</summary>
    public string Digest { get; }

    /// <summary>False where the keys and values of a text are the bare base's.</summary>
    public bool ChangesKeysAndValues { get; }

    /// <summary>Bytes of native memory held; what it shares with the parts of a composition is theirs.</summary>
    public long Bytes => _own.Values.Sum(f => f.Bytes);

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

    /// <summary>One plan of several, which must outlive it: their effects in order, their packed factors shared where the weight is 1.</summary>
    /// <exception cref="AdapterCompositionException">They cannot act together.</exception>
    public static EffectPlan Compose(IReadOnlyList<PlanPart> parts, ModelShape shape)
    {
        string together = ComposedReference.Write(parts.Select(p => (p.Plan.Adapter, p.Weight)));
        CompositionCheck.Require(parts, together);
        IReadOnlyList<Effect>[] effects = [.. parts.Select(p => p.Effects(together))];
        Effect[] all = [.. effects.SelectMany(e => e)];
        new EffectChecker(together, shape).Check(all);
        string plugins = string.Join(" and ", parts.Select(p => p.Plan.Plugin).Distinct());
        EffectPlan plan = new(together, plugins, ComposedReference.Write(parts.Select(p => ($"[{p.Plan.Digest}]", p.Weight))), all, shape.Sizes.Layers, [.. parts]);
        foreach ((IReadOnlyList<Effect> own, PlanPart part) in effects.Zip(parts))
        {
            foreach (Effect effect in own)
            {
                plan._owners[effect] = part.Plan;
            }
        }

        return plan;
    }

    /// <inheritdoc/>
    public override (string Adapter, string Plugin) OwnerOf(Effect effect) =>
        _owners.TryGetValue(effect, out EffectPlan? owner) ? owner.OwnerOf(effect) : base.OwnerOf(effect);

    /// <summary>The packed factors of one of this plan's effects.</summary>
    public LowRankFactors FactorsOf(LowRankEffect effect) => _own.TryGetValue(effect, out LowRankFactors? own) ? own : _shared[effect];

    public void Dispose()
    {
        foreach (LowRankFactors factors in _own.Values)
        {
            factors.Dispose();
        }
    }
}
