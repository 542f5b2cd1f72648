using SkPeft.Engine.Models.Llama;
using SkPeft.Tensors.Differentiation;

namespace SkPeft.Training.Forward;

/// <summary>
/// Layers with one input whose weights an adapter brings in full, and nothing else: one operation that writes its products side by side.
/// This is what pretraining does everywhere.
/// </summary>
internal sealed unsafe class ReplacedLinear(ForwardContext context)
{
    /// <summary>Whether every layer of a fused matrix is replaced, for all rows alike.</summary>
    public static bool Suits(FusedLinear linear, RowGroups groups)
    {
        foreach (LinearPart part in linear.Parts)
        {
            if (groups.All.Count != 1 || groups.All[0].Effects.At(part.Site) is not [WeightEffect { Bias: null }])
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>y = x Wᵀ with the replaced weights, [n, Σ out].</summary>
    public Tensor Apply(FusedLinear linear, RowGroups groups, Tensor x)
    {
        Tensor[] weights = [.. linear.Parts.Select(p => ((WeightEffect)groups.All[0].Effects.At(p.Site)[0]).Weight)];
        int width = linear.Matrix.Rows;
        Tensor y = context.Memory.Rent(x[0], width);
        for (int i = 0; i < weights.Length; i++)
        {
            LinearPart part = linear.Parts[i];
            fixed (float* from = x.Data, weight = weights[i].Data, to = y.Data)
            {
                context.Compute.Gemm(x[0], part.Width, x[1], from, x[1], false, weight, x[1], true, to + part.Offset, width, false);
            }
        }

        return Operation.Record(y, (dy, gradients) =>
        {
            Tensor? dx = x.NeedsGradient ? gradients.Rent(x.Shape) : null;
            for (int i = 0; i < weights.Length; i++)
            {
                AddGradients(linear.Parts[i], weights[i], x, dy, dx, isFirst: i == 0, gradients);
            }

            if (dx is not null)
            {
                gradients.Add(x, dx);
            }
        }, [x, .. weights]);
    }

    private void AddGradients(LinearPart part, Tensor w, Tensor x, Tensor dy, Tensor? dx, bool isFirst, Gradients gradients)
    {
        fixed (float* from = x.Data, weight = w.Data, gradient = dy.Data, to = dx is null ? default : dx.Data)
        {
            if (w.NeedsGradient)
            {
                fixed (float* dw = gradients.Buffer(w).Data)
                {
                    context.Compute.Gemm(part.Width, x[1], x[0], gradient + part.Offset, dy[1], true, from, x[1], false, dw, x[1], true);
                }
            }

            if (to != null)
            {
                context.Compute.Gemm(x[0], x[1], part.Width, gradient + part.Offset, dy[1], false, weight, x[1], false, to, x[1], !isFirst);
            }
        }
    }
}
