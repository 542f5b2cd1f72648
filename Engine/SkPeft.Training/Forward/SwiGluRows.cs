using SkPeft.Tensors.Differentiation;

namespace SkPeft.Training.Forward;

/// <summary>silu(gate) · up, row by row.</summary>
internal sealed unsafe class SwiGluRows(ForwardContext context)
{
    /// <summary>[n, intermediate] of gate|up, [n, 2 · intermediate].</summary>
    public Tensor Apply(Tensor gateUp)
    {
        int width = context.Sizes.IntermediateSize;
        Tensor y = context.Memory.Rent(gateUp[0], width);
        fixed (float* gate = gateUp.Data, to = y.Data)
        {
            context.Compute.SwiGlu(gate, gate + width, gateUp[1], to, width, gateUp[0], width);
        }

        return Operation.Record(y, (dy, gradients) =>
        {
            Tensor back = gradients.Rent(gateUp.Shape);
            fixed (float* gate = gateUp.Data, gradient = dy.Data, to = back.Data)
            {
                context.Compute.SwiGluGradient(gate, gate + width, gateUp[1], gradient, width, to, to + width, back[1], gateUp[0], width);
            }

            gradients.Add(gateUp, back);
        }, gateUp);
    }
}
