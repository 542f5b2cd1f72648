using System.Numerics.Tensors;
using SkPeft.Engine.Models.Llama;
using SkPeft.Tensors.Differentiation;
using SkPeft.Tensors.Ops;

namespace SkPeft.Training.Forward;

/// <summary>One low-rank change of one layer's rows, added into a product in place: y += scale · (x Aᵀ) Bᵀ, where A may not see all of x.</summary>
internal sealed unsafe class LowRankTouch(ForwardContext context, LowRankEffect effect, LinearPart part, RowGroup rows)
{
    // Up to this rank x Aᵀ is summed in a way that rounds less than the general product and is as fast: of all sums in a step it is the one whose rounding
    // matters most (ADR 14).
    private const int MostExact = 8;

    // scale · x Aᵀ, [rows, r]; the gradient of B is made of it.
    private readonly Tensor _middle = context.Memory.Rent(rows.Count, effect.A[0]);

    /// <summary>Adds the change.</summary>
    public void Add(Tensor x, Tensor y)
    {
        int rank = effect.A[0];
        Tensor seen = Drops ? context.Memory.Rent(rows.Count, x[1]) : x.Rows(rows.First, rows.Count);
        Drop(x.Rows(rows.First, rows.Count), seen);
        fixed (float* from = seen.Data, to = y.Data, a = effect.A.Data, b = effect.B.Data, u = _middle.Data)
        {
            if (rank <= MostExact)
            {
                context.Compute.MultiplyFew(rows.Count, rank, x[1], from, x[1], a, effect.Scale, u);
            }
            else
            {
                context.Compute.Gemm(rows.Count, rank, x[1], from, x[1], false, a, x[1], true, u, rank, false);
                context.Compute.Scale(effect.Scale, u, _middle.Length);
            }

            context.Compute.Gemm(rows.Count, part.Width, rank, u, rank, false, b, rank, true, to + ((long)rows.First * y[1]) + part.Offset, y[1], true);
        }

        if (Drops)
        {
            context.Memory.Return(seen);
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
        Tensor seen = Drops ? gradients.Rent(rows.Count, width) : x.Rows(rows.First, rows.Count);
        fixed (float* first = seen.Data, gradient = dy.Data, a = effect.A.Data, b = effect.B.Data, u = _middle.Data, dMiddle = du.Data)
        {
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
                // Drawn again rather than kept: memory is dearer than the numbers.
                Drop(x.Rows(rows.First, rows.Count), seen);
                fixed (float* da = gradients.Buffer(effect.A).Data)
                {
                    context.Compute.Gemm(rank, width, rows.Count, dMiddle, rank, true, first, width, false, da, width, true);
                }
            }

            if (dx is not null)
            {
                Tensor ofRows = dx.Rows(rows.First, rows.Count);
                fixed (float* to = Drops ? seen.Data : ofRows.Data)
                {
                    context.Compute.Gemm(rows.Count, width, rank, dMiddle, rank, false, a, width, false, to, width, !Drops);
                }

                if (Drops)
                {
                    Drop(seen, seen);
                    TensorPrimitives.Add(ofRows.Data, seen.Data, ofRows.Data);
                }
            }
        }

        gradients.Return(du);
        if (Drops)
        {
            gradients.Return(seen);
        }
    }

    private bool Drops => effect.Dropout is not null;

    private void Drop(Tensor from, Tensor to)
    {
        if (effect.Dropout is { } mask)
        {
            DropoutNumbers.Apply(mask, from.Data, to.Data, from[1]);
        }
    }
}
