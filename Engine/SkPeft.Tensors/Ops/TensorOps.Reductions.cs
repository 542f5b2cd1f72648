using System.Numerics.Tensors;
using SkPeft.Tensors.Differentiation;

namespace SkPeft.Tensors.Ops;

// Sums and norms along an axis, and the softmax.
public static partial class TensorOps
{
    /// <summary>Sums over an axis, which disappears: c[…] = Σ_k x[…, k, …].</summary>
    /// <param name="x">At least one axis.</param>
    /// <param name="axis">The axis; negative counts from the end.</param>
    /// <returns>The shape of x without the axis.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such axis.</exception>
    public static Tensor Sum(this Tensor x, int axis)
    {
        int at = AxisOf(x, axis);
        (int outer, int extent, int inner) = Split(x, at);
        Tensor c = new([.. x.Shape[..at], .. x.Shape[(at + 1)..]]);
        for (int o = 0; o < outer; o++)
        {
            Span<float> sum = c.Data.Slice(o * inner, inner);
            for (int k = 0; k < extent; k++)
            {
                TensorPrimitives.Add(sum, x.Data.Slice(((o * extent) + k) * inner, inner), sum);
            }
        }

        return x.NeedsGradient ? c.With(new SumGradient(x, at)) : c;
    }

    /// <summary>The Euclidean norm of every row: c[i] = √(Σ_j x[i, j]²).</summary>
    /// <param name="x">[n, m].</param>
    /// <returns>[n, 1], which broadcasts over the rows' elements.</returns>
    /// <exception cref="ArgumentException">It is not a matrix.</exception>
    public static Tensor RowNorms(this Tensor x)
    {
        RequireMatrix(x, nameof(x));
        Tensor c = new(x[0], 1);
        for (int i = 0; i < x[0]; i++)
        {
            c.Data[i] = x[1] == 0 ? 0f : TensorPrimitives.Norm(x.Data.Slice(i * x[1], x[1]));
        }

        return x.NeedsGradient ? c.With(new RowNormsGradient(x, c)) : c;
    }

    /// <summary>c[…, k, …] = e^(x[…, k, …] − max) / Σ_j e^(x[…, j, …] − max), the maximum and the sum being taken along the axis.</summary>
    /// <param name="x">At least one axis.</param>
    /// <param name="axis">The axis along which the result sums to 1; negative counts from the end.</param>
    /// <returns>The shape of x.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such axis.</exception>
    public static Tensor Softmax(this Tensor x, int axis)
    {
        (int outer, int extent, int inner) = Split(x, AxisOf(x, axis));
        Tensor c = ResultScope.Rent(x.Shape);
        ReadOnlySpan<float> from = x.Data;
        Span<float> to = c.Data;
        for (int lane = 0; lane < outer * inner; lane++)
        {
            int start = (lane / inner * extent * inner) + (lane % inner);
            float highest = float.NegativeInfinity;
            for (int k = 0; k < extent; k++)
            {
                highest = MathF.Max(highest, from[start + (k * inner)]);
            }

            double sum = 0;
            for (int k = 0; k < extent; k++)
            {
                sum += to[start + (k * inner)] = MathF.Exp(from[start + (k * inner)] - highest);
            }

            for (int k = 0; k < extent; k++)
            {
                to[start + (k * inner)] = (float)(to[start + (k * inner)] / sum);
            }
        }

        return x.NeedsGradient ? c.With(new SoftmaxGradient(x, c, AxisOf(x, axis))) : c;
    }
}
