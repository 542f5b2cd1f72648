namespace SkPeft.Engine.Adapters;

/// <summary>One adapter of a composition.</summary>
/// <param name="Plan">Its effects.</param>
/// <param name="Weight">What its additions are multiplied by.</param>
internal sealed record PlanPart(EffectPlan Plan, float Weight)
{
    /// <summary>The effects with the weight in them, in order; those of weight 1 are the plan's own.</summary>
    /// <exception cref="AdapterCompositionException">An effect does more than add.</exception>
    public IReadOnlyList<Effect> Effects(string together) => Weight == 1 ? Plan.Effects : [.. Plan.Effects.Select(e => Weighted(e) ?? throw new AdapterCompositionException(
        together,
        $"'{Plan.Adapter}' has the weight {Weight}, but it does more than add to what layers give ({e.GetType().Name}): a share of that has no meaning.",
        "Leave its weight out, or use one whose method only adds (LoRA, LoHa, LoKr, biases)."))];

    /// <summary>Bytes of the tensors that hold the weight and stand beside the plan's own.</summary>
    /// <param name="effects">What <see cref="Effects"/> gave.</param>
    public long CopiedBytes(IReadOnlyList<Effect> effects) => Weight == 1 ? 0 : sizeof(float) * effects.Sum(e => e switch
    {
        WeightDeltaEffect change => change.Delta.Length,
        BiasEffect added => added.Bias.Length,
        GatedKeyValueEffect gated => gated.Gate.Length,
        _ => 0L,
    });

    private Effect? Weighted(Effect effect) => effect switch
    {
        LowRankEffect e => new LowRankEffect(e.Site, e.A, e.B, e.Scale * Weight),
        WeightDeltaEffect e => new WeightDeltaEffect(e.Site, Times(e.Delta)),
        BiasEffect e => new BiasEffect(e.Site, Times(e.Bias)),
        GatedKeyValueEffect e => new GatedKeyValueEffect(e.Layer, e.Keys, e.Values, Times(e.Gate)),
        _ => null,
    };

    private Tensor Times(Tensor tensor)
    {
        Tensor result = new(tensor.Shape);
        System.Numerics.Tensors.TensorPrimitives.Multiply(tensor.Data, Weight, result.Data);
        return result;
    }
}
