using SkPeft.Engine.Models.Llama;
using SkPeft.Tensors.Differentiation;

namespace SkPeft.Training.Forward;

/// <summary>One low-rank change of one layer's rows, added into a product in place: y += scale · (x Aᵀ) Bᵀ.</summary>
internal sealed unsafe class LowRankTouch(ForwardContext context, LowRankEffect effect, LinearPart part, RowGroup rows)
{
    // scale · x Aᵀ, [rows, r]; the gradient of B is made of it.
    private readonly Tensor _middle = context.Memory.Rent(rows.Count, effect.A[0]);

    /// <summary>Adds the change.</summary>
    public void Add(Tensor x, Tensor y)
    {
        int rank = effect.A[0];
        fixed (float* from = x.Data, to = y.Data, a = effect.A.Data, b = effect.B.Data, u = _middle.Data)
        {
            context.Compute.Gemm(rows.Count, rank, x[1], from + ((long)rows.First * x[1]), x[1], false, a, x[1], true, u, rank, false);
            context.Compute.Scale(effect.Scale, u, _middle.Length);
            context.Compute.Gemm(rows.Count, part.Width, rank, u, rank, false, b, rank, true, to + ((long)rows.First * y[1]) + part.Offset, y[1], true);
        }
    }

    /// <summary>Adds to the gradients of A, B and x.</summary>
    /// <param name="x">The layer's input.</param>
    /// <param name="dy">The gradient of the layer's result.</param>
    /// <param name="dx">The gradient of x, or null where none is wanted.</param>
    /// <param name="gradients">The gradients.</param>
    public void AddGradients(Tensor x, Tensor dy, Tensor? dx, Gradients gradients)
    {
        int rank = effect.A[0];
        int width = x[1];
        Tensor du = gradients.Rent(rows.Count, rank);
        fixed (float* from = x.Data, gradient = dy.Data, a = effect.A.Data, b = effect.B.Data, u = _middle.Data, dMiddle = du.Data)
        {
            float* first = from + ((long)rows.First * width);
            float* dFirst = gradient + ((long)rows.First * dy[1]) + part.Offset;
            if (effect.B.NeedsGradient)
            {
                fixed (float* db = gradients.Buffer(effect.B).Data)
                {
                    context.Compute.Gemm(part.Width, rank, rows.Count, dFirst, dy[1], true, u, rank, false, db, rank, true);
                }
            }

            context.Compute.Gemm(rows.Count, rank, part.Width, dFirst, dy[1], false, b, rank, false, dMiddle, rank, false);
            context.Compute.Scale(effect.Scale, dMiddle, du.Length);
            if (effect.A.NeedsGradient)
            {
                fixed (float* da = gradients.Buffer(effect.A).Data)
                {
                    context.Compute.Gemm(rank, width, rows.Count, dMiddle, rank, true, first, width, false, da, width, true);
                }
            }

            if (dx is not null)
            {
                fixed (float* to = dx.Data)
                {
                    context.Compute.Gemm(rows.Count, width, rank, dMiddle, rank, false, a, width, false, to + ((long)rows.First * width), width, true);
                }
            }
        }

        gradients.Return(du);
    }
}
