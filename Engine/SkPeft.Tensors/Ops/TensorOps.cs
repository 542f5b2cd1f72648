namespace SkPeft.Tensors.Ops;

/// <summary>
/// The arithmetic of adapters: a small set of operations on <see cref="Tensor"/>, from which every method builds the map from its
/// parameters to effects, and the effects' own arithmetic.
/// </summary>
/// <remarks>
/// Operations never write to their arguments; results are new tensors, except that <see cref="Reshape"/> may share memory with its argument
/// (tensors are not written to once they have been handed on). Where a gradient may be asked for any argument the result records how it
/// was computed, and keeps the arguments for it; else nothing is kept. Indices, labels and plain numbers are constants. All are safe for
/// concurrent use, accept empty tensors and work on the calling thread, large products on the context of an open <c>ComputeScope</c>.
/// A method must not loop over <see cref="Tensor.Data"/> itself: only what goes through these operations carries gradients. A new operation
/// needs a <c>GradientCase</c> in the tests.
/// </remarks>
public static partial class TensorOps
{
    private static int AxisOf(Tensor x, int axis)
    {
        int positive = axis < 0 ? axis + x.Rank : axis;
        return positive >= 0 && positive < x.Rank
            ? positive
            : throw new ArgumentOutOfRangeException(nameof(axis), axis, $"A tensor of shape {x.ShapeText} has no such axis.");
    }

    /// <summary>The product of the extents before and after an axis: the tensor as [outer, extent, inner].</summary>
    private static (int Outer, int Extent, int Inner) Split(Tensor x, int axis)
    {
        int outer = 1;
        int inner = 1;
        for (int i = 0; i < x.Rank; i++)
        {
            outer *= i < axis ? x.Shape[i] : 1;
            inner *= i > axis ? x.Shape[i] : 1;
        }

        return (outer, x.Shape[axis], inner);
    }

    private static bool NeedGradient(Tensor a, Tensor b) => a.NeedsGradient || b.NeedsGradient;

    private static void RequireMatrix(Tensor x, string name)
    {
        if (x.Rank != 2)
        {
            throw new ArgumentException($"A matrix is needed, this tensor has shape {x.ShapeText}.", name);
        }
    }
}
