using SkPeft.Engine.Models.Llama;
using SkPeft.Tensors.Differentiation;
using SkPeft.Tensors.Kernels;

namespace SkPeft.Training.Forward;

/// <summary>Products with the frozen base's packed weights, in the format that they were loaded in.</summary>
internal sealed unsafe class FrozenProduct(ForwardContext context)
{
    /// <summary>y = x Wᵀ without bias, as a constant: whoever asks records it.</summary>
    public Tensor Multiply(FusedLinear linear, Tensor x)
    {
        Tensor y = context.Memory.Rent(x[0], linear.Matrix.Rows);
        fixed (float* from = x.Data, to = y.Data)
        {
            context.Compute.Multiply(linear.Matrix, from, x[1], x[0], to, y[1], false, Precision.Exact);
        }

        return y;
    }

    /// <summary>dx = dy W.</summary>
    public void MultiplyBack(FusedLinear linear, Tensor dy, Tensor dx)
    {
        fixed (float* from = dy.Data, to = dx.Data)
        {
            context.Compute.MultiplyTransposed(linear.Matrix, from, dy[1], dy[0], to, dx[1], false);
        }
    }

    /// <summary>y = x Wᵀ without bias, [n, Σ out]; differentiable in x.</summary>
    public Tensor Apply(FusedLinear linear, Tensor x) => Operation.Record(Multiply(linear, x), (dy, gradients) =>
    {
        Tensor dx = gradients.Rent(x.Shape);
        MultiplyBack(linear, dy, dx);
        gradients.Add(x, dx);
    }, x);

    /// <summary>y[:, columns of the part] += bias, in place.</summary>
    public void AddBias(FusedLinear linear, LinearPart part, Tensor y, RowGroup rows)
    {
        float* bias = linear.BiasOf(part);
        if (bias != null)
        {
            AddRow(bias, y, part, rows);
        }
    }

    /// <summary>y[:, columns of the part] += row, in place.</summary>
    public void AddRow(float* row, Tensor y, LinearPart part, RowGroup rows)
    {
        fixed (float* to = y.Data)
        {
            for (int i = rows.First; i < rows.First + rows.Count; i++)
            {
                context.Compute.Add(row, to + ((long)i * y[1]) + part.Offset, part.Width);
            }
        }
    }
}
