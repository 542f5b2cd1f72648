using SkPeft.Tensors.Differentiation;

namespace SkPeft.Training.Forward;

/// <summary>Products with weights that an adapter brings in full, and that may be trained.</summary>
internal sealed unsafe class DenseProduct(ForwardContext context)
{
    /// <summary>y = x Wᵀ, [n, out]; differentiable in both.</summary>
    /// <param name="x">[n, in].</param>
    /// <param name="w">[out, in].</param>
    public Tensor Apply(Tensor x, Tensor w)
    {
        Tensor y = context.Memory.Rent(x[0], w[0]);
        fixed (float* from = x.Data, weight = w.Data, to = y.Data)
        {
            context.Compute.Gemm(x[0], w[0], x[1], from, x[1], false, weight, w[1], true, to, y[1], false);
        }

        return Operation.Record(y, (dy, gradients) =>
        {
            fixed (float* from = x.Data, weight = w.Data, gradient = dy.Data)
            {
                if (w.NeedsGradient)
                {
                    fixed (float* dw = gradients.Buffer(w).Data)
                    {
                        context.Compute.Gemm(w[0], w[1], x[0], gradient, dy[1], true, from, x[1], false, dw, w[1], true);
                    }
                }

                if (x.NeedsGradient)
                {
                    Tensor dx = gradients.Rent(x.Shape);
                    fixed (float* to = dx.Data)
                    {
                        context.Compute.Gemm(x[0], x[1], w[0], gradient, dy[1], false, weight, w[1], false, to, x[1], false);
                    }

                    gradients.Add(x, dx);
                }
            }
        }, x, w);
    }
}
