using SkPeft.Tensors.Kernels;

namespace SkPeft.Engine.Adapters;

/// <summary>An adapter's effects on one linear layer, with what every step asks of them.</summary>
/// <param name="effects">The effects, in order.</param>
/// <param name="factors">The packed factors of each that is a low-rank change.</param>
internal sealed class LayerPlan(LinearEffect[] effects, LowRankFactors?[] factors)
{
    /// <summary>The effects, in order.</summary>
    public ReadOnlySpan<LinearEffect> Effects => effects;

    /// <summary>The packed factors of each effect that is a low-rank change; null for the others.</summary>
    public ReadOnlySpan<LowRankFactors?> Factors => factors;

    /// <summary>Whether the layer's product must see another input than the other rows'.</summary>
    public bool ChangesInput { get; } = effects.Any(e => e is InputScaleEffect or CustomLinearEffect);

    /// <summary>Whether an effect must see the layer's own output, not the residual stream that it is added to.</summary>
    public bool NeedsOwnOutput { get; } = effects.Any(e => e is OutputScaleEffect or WeightEffect or CustomLinearEffect);

    /// <summary>The weight that takes the base's place, or null.</summary>
    public WeightEffect? Replacement { get; } = effects.OfType<WeightEffect>().LastOrDefault();
}
