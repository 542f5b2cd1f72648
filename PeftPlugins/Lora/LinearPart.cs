using SkPeft.Tensors.Ops;

namespace SkPeft.Peft.Lora;

/// <summary>y += s·B A x on a linear layer; with a magnitude m, the rows of W + s·B A are given the lengths m (DoRA).</summary>
/// <param name="module">The linear layer.</param>
/// <param name="a">A, [r, in].</param>
/// <param name="b">B, [out, r].</param>
/// <param name="scale">s.</param>
internal sealed class LinearPart(ModuleInfo module, Tensor a, Tensor b, float scale) : LoraPart(module)
{
    /// <summary>The bias of B, [out], or null; it is scaled like B A x.</summary>
    public Tensor? Bias { get; init; }

    /// <summary>DoRA's magnitude m, [out], or null.</summary>
    public Tensor? Magnitude { get; init; }

    /// <inheritdoc/>
    public override IEnumerable<Effect> BuildEffects(IBaseModel model, Func<Tensor> weight)
    {
        LinearSite site = Module.Linear!.Value;
        if (Magnitude is null)
        {
            yield return new LowRankEffect(site, a, b, scale);
        }
        else
        {
            // HF: y += (m/c − 1) ⊙ W₀x + (m/c) ⊙ s·B A x, with c = ‖W₀ + s·B A‖ of every row, a constant for the gradient; the base's bias stays as it is.
            Tensor lengths = weight().Add(b.MatMul(a).Scale(scale)).RowNorms();
            Tensor factor = Magnitude.Reshape(Module.Outputs, 1).Divide(lengths);
            yield return new OutputScaleEffect(site, factor.Reshape(Module.Outputs), scalesBias: false);
            yield return new LowRankEffect(site, a, b.Multiply(factor), scale);
        }

        if (Bias is not null)
        {
            yield return new BiasEffect(site, Bias.Scale(scale));
        }
    }
}
