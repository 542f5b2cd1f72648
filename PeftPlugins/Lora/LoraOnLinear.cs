using SkPeft.Tensors.Ops;

namespace SkPeft.Peft.Lora;

/// <summary>y += s·B A x on a linear layer; with a magnitude m, the rows of W + s·B A are given the lengths m (DoRA).</summary>
/// <param name="Site">The linear layer.</param>
/// <param name="A">A, [r, in].</param>
/// <param name="B">B, [out, r].</param>
/// <param name="Scale">s.</param>
internal sealed record LoraOnLinear(LinearSite Site, Tensor A, Tensor B, float Scale)
{
    /// <summary>The bias of B, [out], or null; it is scaled like B A x.</summary>
    public Tensor? Bias { get; init; }

    /// <summary>DoRA's magnitude m, [out], or null.</summary>
    public Tensor? Magnitude { get; init; }

    /// <summary>What a run started from that takes A and B from the weight: s·B₀A₀ x is taken off again, so that step 0 is the base. Else null.</summary>
    public LoraOrigin? Origin { get; init; }

    /// <summary>What A does not see of x in a step of training, or null.</summary>
    public DropoutMask? Dropout { get; init; }

    /// <summary>Maps the parameters to effects.</summary>
    /// <param name="weight">The weight under them.</param>
    public IEnumerable<Effect> Effects(Func<Tensor> weight)
    {
        Tensor? factor = Magnitude is null ? null : Magnitude.Reshape(Magnitude.Length, 1).Divide(Lengths(weight()));
        if (factor is not null)
        {
            // HF: y += (m/c − 1) ⊙ W₀x + (m/c) ⊙ s·B A x; the base's bias stays as it is.
            yield return Dropout is null
                ? new OutputScaleEffect(Site, factor.Reshape(factor.Length), scalesBias: false)
                : new DroppedInput(Site, weight(), Origin, Scale, factor, Dropout);
        }

        yield return Product(A, B, Scale, factor, Dropout);
        if (Origin is not null)
        {
            // A part of the base: dropout does not touch it, and with dropout the magnitude has been at it already.
            yield return Product(Origin.A, Origin.B, -Scale, Dropout is null ? factor : null);
        }

        if (Bias is not null)
        {
            yield return new BiasEffect(Site, Bias.Scale(Scale));
        }
    }

    // c = ‖W₀ + s·B A‖ of every row, [out, 1]: a constant for the gradient (arXiv 2402.09353, section 4.3).
    private Tensor Lengths(Tensor weight) => Origin is null
        ? LowRankLengths.OfRows(weight, A.Detach(), B.Detach(), Scale)
        : LowRankLengths.OfRows(weight, TensorOps.Concat(0, A.Detach(), Origin.A), TensorOps.Concat(1, B.Detach(), Origin.B.Scale(-1)), Scale);

    private LowRankEffect Product(Tensor a, Tensor b, float scale, Tensor? factor, DropoutMask? dropout = null) =>
        new(Site, a, factor is null ? b : b.Multiply(factor), scale) { Dropout = dropout };
}
