using SkPeft.Tensors.Ops;

namespace SkPeft.Peft.Lora;

/// <summary>
/// DoRA in a step with dropout, but for B A: y += (m/c − 1) ⊙ W₀x̃, where x̃ is what dropout leaves of x. As in HF, the base's own y is of all of x.
/// </summary>
/// <param name="site">The layer.</param>
/// <param name="weight">W₀, [out, in].</param>
/// <param name="origin">What a run that started from the weight takes off it, or null.</param>
/// <param name="scale">s.</param>
/// <param name="factor">m/c, [out, 1].</param>
/// <param name="mask">What is left of x.</param>
internal sealed class DroppedInput(LinearSite site, Tensor weight, LoraOrigin? origin, float scale, Tensor factor, DropoutMask mask) : CustomLinearEffect(site)
{
    /// <inheritdoc/>
    public override Tensor TransformOutput(Tensor x, Tensor y)
    {
        Tensor seen = x.Dropout(mask);
        Tensor product = seen.MatMulTransposed(weight);
        if (origin is not null)
        {
            product = product.Subtract(seen.MatMulTransposed(origin.A).MatMulTransposed(origin.B).Scale(scale));
        }

        return y.Add(product.Multiply(factor.AddScalar(-1).Reshape(factor.Length)));
    }
}
