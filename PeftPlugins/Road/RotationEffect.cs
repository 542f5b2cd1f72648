using SkPeft.Tensors.Ops;

namespace SkPeft.Peft.Road;

/// <summary>Pairs of outputs, rotated and scaled.</summary>
/// <param name="site">The layer.</param>
/// <param name="onItself">The factor of an output on itself, [out].</param>
/// <param name="onPartner">Its factor on the partner, [out].</param>
/// <param name="groupSize">Outputs in a group.</param>
internal sealed class RotationEffect(LinearSite site, Tensor onItself, Tensor onPartner, int groupSize) : CustomLinearEffect(site)
{
    /// <inheritdoc/>
    public override Tensor TransformOutput(Tensor x, Tensor y)
    {
        Tensor halves = y.Reshape(y.Length / groupSize, 2, groupSize / 2);
        Tensor partners = TensorOps.Concat(1, halves.Slice(1, 1, 1).Scale(-1), halves.Slice(1, 0, 1)).Reshape(y.Shape);
        return y.Multiply(onItself).Add(partners.Multiply(onPartner));
    }
}
