using SkPeft.Tensors.Ops;

namespace SkPeft.Peft.Oft;

/// <summary>The base product sees x · blockdiag(R₁, R₂ …).</summary>
/// <param name="site">The layer.</param>
/// <param name="rotations">[blocks, size, size], or [1, size, size] where all blocks are rotated alike.</param>
internal sealed class BlockRotationEffect(LinearSite site, Tensor rotations) : CustomLinearEffect(site)
{
    /// <inheritdoc/>
    public override Tensor TransformInput(Tensor x)
    {
        int size = rotations[1];
        return rotations[0] == 1
            ? x.Reshape(x.Length / size, size).MatMul(rotations.Reshape(size, size)).Reshape(x.Shape)
            : x.MatMulBlocks(rotations);
    }
}
