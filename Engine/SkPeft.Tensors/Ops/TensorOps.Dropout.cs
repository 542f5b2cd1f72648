using SkPeft.Tensors.Differentiation;

namespace SkPeft.Tensors.Ops;

// Elements that a step of training leaves out.
public static partial class TensorOps
{
    /// <summary>c = x ⊙ kept / (1 − p): inverted dropout.</summary>
    /// <param name="x">At least one axis; all but the innermost count rows.</param>
    /// <param name="mask">What is kept. The same mask on the same shape keeps the same.</param>
    /// <returns>The shape of x.</returns>
    public static Tensor Dropout(this Tensor x, DropoutMask mask)
    {
        ArgumentNullException.ThrowIfNull(mask);
        int width = x.Shape[AxisOf(x, -1)];
        Tensor c = ResultScope.Rent(x.Shape);
        DropoutNumbers.Apply(mask, x.Data, c.Data, width);
        return Operation.Record(c, (gradient, gradients) =>
        {
            Tensor dx = gradients.Rent(x.Shape);
            DropoutNumbers.Apply(mask, gradient.Data, dx.Data, width);
            gradients.Add(x, dx);
        }, x);
    }
}
