using System.Numerics.Tensors;
using SkPeft.Tensors.Differentiation;

namespace SkPeft.Tensors.Ops;

// Gradients of sums, norms and the softmax.
public static partial class TensorOps
{
    private sealed class SumGradient(Tensor x, int axis) : Operation
    {
        public override void Backward(Tensor gradient, Gradients gradients)
        {
            (int outer, int extent, int inner) = Split(x, axis);
            Tensor repeated = gradients.Rent(x.Shape);
            for (int o = 0; o < outer; o++)
            {
                for (int k = 0; k < extent; k++)
                {
                    gradient.Data.Slice(o * inner, inner).CopyTo(repeated.Data[(((o * extent) + k) * inner)..]);
                }
            }

            gradients.Add(x, repeated);
        }
    }

    /// <summary>dx = dy · x / |x|; a row of zeros has no direction and gets 0.</summary>
    private sealed class RowNormsGradient(Tensor x, Tensor norms) : Operation
    {
        public override void Backward(Tensor gradient, Gradients gradients)
        {
            Tensor result = gradients.Rent(x.Shape);
            for (int i = 0; i < x[0]; i++)
            {
                float norm = norms.Data[i];
                TensorPrimitives.Multiply(x.Data.Slice(i * x[1], x[1]), norm == 0 ? 0f : gradient.Data[i] / norm, result.Data.Slice(i * x[1], x[1]));
            }

            gradients.Add(x, result);
        }
    }

    /// <summary>dx = y ⊙ (dy − Σ dy ⊙ y), the sum being taken along the axis.</summary>
    private sealed class SoftmaxGradient(Tensor x, Tensor y, int axis) : Operation
    {
        public override void Backward(Tensor gradient, Gradients gradients)
        {
            (int outer, int extent, int inner) = Split(x, axis);
            Tensor result = gradients.Rent(x.Shape);
            ReadOnlySpan<float> dy = gradient.Data;
            ReadOnlySpan<float> values = y.Data;
            Span<float> dx = result.Data;
            for (int lane = 0; lane < outer * inner; lane++)
            {
                int start = (lane / inner * extent * inner) + (lane % inner);
                double mean = 0;
                for (int k = 0; k < extent; k++)
                {
                    int at = start + (k * inner);
                    mean += (double)dy[at] * values[at];
                }

                for (int k = 0; k < extent; k++)
                {
                    int at = start + (k * inner);
                    dx[at] = (float)(values[at] * (dy[at] - mean));
                }
            }

            gradients.Add(x, result);
        }
    }
}
