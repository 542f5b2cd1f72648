using SkPeft.Tensors.Kernels;

namespace SkPeft.Engine.Adapters;

/// <summary>An adapter's sorted effects with what the serving kernels need of them.</summary>
/// <remarks>Immutable. The empty plan is the bare base. Disposed with its adapter, after the last request.</remarks>
internal sealed class EffectPlan : EffectIndex, IDisposable
{
    private const int KindsOfLayer = (int)LinearKind.Head + 1;

    private static long s_unnamed;

    private readonly Dictionary<LowRankEffect, LowRankFactors> _factors;
    private readonly Dictionary<Effect, EffectPlan> _owners;
    private readonly bool _ownsFactors;
    private readonly LayerPlan?[] _layers;

    private EffectPlan(string adapter, string plugin, string? digest, IReadOnlyList<Effect> effects, int layers)
        : this(adapter, plugin, digest, effects, layers, Pack(effects), [])
    {
        _ownsFactors = true;
        Bytes = _factors.Values.Sum(f => f.Bytes);
    }

    private EffectPlan(
        string adapter, string plugin, string? digest, IReadOnlyList<Effect> effects, int layers, Dictionary<LowRankEffect, LowRankFactors> factors, Dictionary<Effect, EffectPlan> owners)
        : base(adapter, plugin, effects)
    {
        (_factors, _owners) = (factors, owners);
        Digest = digest ?? $"unnamed {Interlocked.Increment(ref s_unnamed)}";
        ChangesKeysAndValues = effects.Any(e => e.ChangesKeysOrValues(layers));
        _layers = new LayerPlan?[PlaceOf(new LinearSite(layers, default))];
        foreach (IGrouping<LinearSite, LinearEffect> layer in effects.OfType<LinearEffect>().GroupBy(e => e.Site))
        {
            _layers[PlaceOf(layer.Key)] = new LayerPlan([.. layer], [.. layer.Select(e => e is LowRankEffect low ? factors[low] : null)]);
        }
    }

    /// <summary>The plan of the bare base.</summary>
    public static EffectPlan Empty { get; } = new("", "", "base", [], 0);

    /// <summary>What it computes, by content: equal for equal files and equal code only.</summary>
    public string Digest { get; }

    /// <summary>False where the keys and values of a text are the bare base's.</summary>
    public bool ChangesKeysAndValues { get; }

    /// <summary>Bytes held beside the effects: packed factors; of a composition what it does not share with its parts, weighted copies.</summary>
    public long Bytes { get; private init; }

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

    /// <summary>One plan of several, which must outlive it: their effects in order, their packed factors shared.</summary>
    /// <exception cref="AdapterCompositionException">They cannot act together.</exception>
    public static EffectPlan Compose(IReadOnlyList<PlanPart> parts, ModelShape shape)
    {
        string together = ComposedReference.Write(parts.Select(p => (p.Plan.Adapter, p.Weight)));
        CompositionCheck.Require(parts, together);
        IReadOnlyList<Effect>[] effects = [.. parts.Select(p => p.Effects(together))];
        Effect[] all = [.. effects.SelectMany(e => e)];
        new EffectChecker(together, shape).Check(all);
        string plugins = string.Join(" and ", parts.Select(p => p.Plan.Plugin).Distinct());
        Dictionary<LowRankEffect, LowRankFactors> factors = [];
        Dictionary<Effect, EffectPlan> owners = [];
        foreach ((IReadOnlyList<Effect> weighted, PlanPart part) in effects.Zip(parts))
        {
            foreach ((Effect effect, Effect own) in weighted.Zip(part.Plan.Effects))
            {
                owners[effect] = part.Plan;
                if (effect is LowRankEffect low)
                {
                    factors[low] = part.Plan.FactorsOf((LowRankEffect)own);
                }
            }
        }

        string digest = ComposedReference.Write(parts.Select(p => ($"[{p.Plan.Digest}]", p.Weight)));
        return new EffectPlan(together, plugins, digest, all, shape.Sizes.Layers, factors, owners) { Bytes = effects.Zip(parts).Sum(e => e.Second.CopiedBytes(e.First)) };
    }

    /// <inheritdoc/>
    public override (string Adapter, string Plugin) OwnerOf(Effect effect) =>
        _owners.TryGetValue(effect, out EffectPlan? owner) ? owner.OwnerOf(effect) : base.OwnerOf(effect);

    /// <summary>The effects on a linear layer, or null for none.</summary>
    public LayerPlan? Layer(LinearSite site) => PlaceOf(site) < _layers.Length ? _layers[PlaceOf(site)] : null;

    /// <summary>The packed factors of one of this plan's effects.</summary>
    public LowRankFactors FactorsOf(LowRankEffect effect) => _factors[effect];

    public void Dispose()
    {
        if (_ownsFactors)
        {
            foreach (LowRankFactors factors in _factors.Values)
            {
                factors.Dispose();
            }
        }
    }

    // In the order in which a step uses them, so that what it reads next lies next in memory.
    private static Dictionary<LowRankEffect, LowRankFactors> Pack(IReadOnlyList<Effect> effects)
    {
        LowRankEffect[] changes = [.. effects.OfType<LowRankEffect>().Distinct().OrderBy(e => PlaceOf(e.Site))];
        return changes.Zip(LowRankFactors.InOrder([.. changes.Select(e => (e.A, e.B))])).ToDictionary(p => p.First, p => p.Second);
    }

    // The head is layer -1.
    private static int PlaceOf(LinearSite site) => ((site.Layer + 1) * KindsOfLayer) + (int)site.Kind;
}
