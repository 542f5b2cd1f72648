using SkPeft.Tensors.Differentiation;

namespace SkPeft.Tensors.Ops;

// Sums and means of everything, and means along an axis.
public static partial class TensorOps
{
    /// <summary>The sum of all elements; formed in double precision.</summary>
    /// <param name="x">Any shape.</param>
    /// <returns>A scalar, [].</returns>
    public static Tensor Sum(this Tensor x)
    {
        double sum = 0;
        foreach (float value in x.Data)
        {
            sum += value;
        }

        Tensor c = Tensor.From([(float)sum]);
        return x.NeedsGradient ? c.With(new TotalGradient(x)) : c;
    }

    /// <summary>The mean of all elements; NaN for none.</summary>
    /// <param name="x">Any shape.</param>
    /// <returns>A scalar, [].</returns>
    public static Tensor Mean(this Tensor x) => x.Sum().Scale(1f / x.Length);

    /// <summary>The mean over an axis, which disappears; NaN for an axis of no elements.</summary>
    /// <param name="x">At least one axis.</param>
    /// <param name="axis">The axis; negative counts from the end.</param>
    /// <returns>The shape of x without the axis.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such axis.</exception>
    public static Tensor Mean(this Tensor x, int axis) => x.Sum(axis).Scale(1f / x[AxisOf(x, axis)]);

    private sealed class TotalGradient(Tensor x) : Operation
    {
        public override void Backward(Tensor gradient, Gradients gradients)
        {
            Tensor repeated = gradients.Rent(x.Shape);
            repeated.Data.Fill(gradient.Data[0]);
            gradients.Add(x, repeated);
        }
    }
}
