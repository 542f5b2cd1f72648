namespace SkPeft;

/// <summary>An effect on one linear layer y = x Wᵀ + b.</summary>
/// <param name="site">The layer.</param>
public abstract class LinearEffect(LinearSite site) : Effect
{
    /// <summary>The layer.</summary>
    public LinearSite Site { get; } = site;

    /// <inheritdoc/>
    /// <remarks>The head's output and what the last block does behind its keys and values reach logits only.</remarks>
    public sealed override bool ChangesKeysOrValues(int layers) =>
        Site.Kind != LinearKind.Head && (Site.Layer < layers - 1 || Site.Kind is LinearKind.Key or LinearKind.Value);
}

/// <summary>y += scale · (x Aᵀ) Bᵀ (LoRA, arXiv 2106.09685).</summary>
/// <param name="site">The layer.</param>
/// <param name="a">A, [r, in].</param>
/// <param name="b">B, [out, r].</param>
/// <param name="scale">The scale, applied once.</param>
public sealed class LowRankEffect(LinearSite site, Tensor a, Tensor b, float scale) : LinearEffect(site)
{
    /// <summary>A, [r, in].</summary>
    public Tensor A { get; } = a;

    /// <summary>B, [out, r].</summary>
    public Tensor B { get; } = b;

    /// <summary>The scale.</summary>
    public float Scale { get; } = scale;

    /// <summary>What A does not see of x in a step of training; null everywhere else. Serving does not look at it.</summary>
    public DropoutMask? Dropout { get; init; }
}

/// <summary>y += x Δᵀ for a change of the weight that has no form of low rank (LoHa, arXiv 2108.06098; LoKr; FourierFT, arXiv 2405.03003).</summary>
/// <param name="site">The layer.</param>
/// <param name="delta">Δ, [out, in].</param>
public sealed class WeightDeltaEffect(LinearSite site, Tensor delta) : LinearEffect(site)
{
    /// <summary>Δ, [out, in].</summary>
    public Tensor Delta { get; } = delta;

    /// <summary>What Δ does not see of x in a step of training; null everywhere else. Serving does not look at it.</summary>
    public DropoutMask? Dropout { get; init; }
}

/// <summary>y += bias (BitFit, arXiv 2106.10199).</summary>
/// <param name="site">The layer.</param>
/// <param name="bias">The bias, [out].</param>
public sealed class BiasEffect(LinearSite site, Tensor bias) : LinearEffect(site)
{
    /// <summary>The bias, [out].</summary>
    public Tensor Bias { get; } = bias;
}

/// <summary>
/// y = scale ⊙ y for a y with its bias ((IA)³, arXiv 2205.05638), or y = scale ⊙ (x Wᵀ) + b without (DoRA's magnitude, arXiv 2402.09353).
/// </summary>
/// <param name="site">The layer.</param>
/// <param name="scale">The scale, [out].</param>
/// <param name="scalesBias">Whether the base's own bias is scaled too.</param>
public sealed class OutputScaleEffect(LinearSite site, Tensor scale, bool scalesBias) : LinearEffect(site)
{
    /// <summary>The scale, [out].</summary>
    public Tensor Scale { get; } = scale;

    /// <summary>Whether the base's own bias is scaled too.</summary>
    public bool ScalesBias { get; } = scalesBias;
}

/// <summary>The base product sees x ⊙ scale ((IA)³ on feed-forward layers).</summary>
/// <param name="site">The layer.</param>
/// <param name="scale">The scale, [in].</param>
public sealed class InputScaleEffect(LinearSite site, Tensor scale) : LinearEffect(site)
{
    /// <summary>The scale, [in].</summary>
    public Tensor Scale { get; } = scale;
}

/// <summary>W and b are replaced for this adapter's rows (<c>modules_to_save</c>).</summary>
/// <param name="site">The layer.</param>
/// <param name="weight">The weight, [out, in].</param>
/// <param name="bias">The bias, [out], or null for none.</param>
public sealed class WeightEffect(LinearSite site, Tensor weight, Tensor? bias) : LinearEffect(site)
{
    /// <summary>The weight, [out, in].</summary>
    public Tensor Weight { get; } = weight;

    /// <summary>The bias, [out], or null for none.</summary>
    public Tensor? Bias { get; } = bias;
}

/// <summary>The general form: what the base product sees, and what becomes of its result, in the method's own arithmetic.</summary>
/// <param name="site">The layer.</param>
public abstract class CustomLinearEffect(LinearSite site) : LinearEffect(site)
{
    /// <summary>What the base product sees in place of x, [n, in]. Must not write to <paramref name="x"/>.</summary>
    public virtual Tensor TransformInput(Tensor x) => x;

    /// <summary>What takes the place of the base product's result (with the base's bias).</summary>
    /// <param name="x">The layer's input before <see cref="TransformInput"/>, [n, in].</param>
    /// <param name="y">The result so far, [n, out]. Must not be written to.</param>
    public virtual Tensor TransformOutput(Tensor x, Tensor y) => y;
}
