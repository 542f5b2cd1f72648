using System.Numerics.Tensors;
using SkPeft.Tensors.Differentiation;

namespace SkPeft.Training.Forward;

/// <summary>The residual stream: a sub-layer's output is added to its input.</summary>
internal sealed class ResidualRows(ForwardContext context)
{
    /// <summary>x + y, [n, hidden].</summary>
    public Tensor Add(Tensor x, Tensor y)
    {
        Tensor sum = context.Memory.Rent(x.Shape);
        TensorPrimitives.Add(x.Data, y.Data, sum.Data);
        return Operation.Record(sum, (gradient, gradients) =>
        {
            gradients.Add(x, gradient, owned: false);
            gradients.Add(y, gradient, owned: false);
        }, x, y);
    }
}
