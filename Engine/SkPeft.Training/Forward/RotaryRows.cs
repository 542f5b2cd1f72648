using SkPeft.Tensors.Differentiation;

namespace SkPeft.Training.Forward;

/// <summary>Rotates the queries and keys of q|k|v rows (RoFormer, arXiv 2104.09864).</summary>
internal sealed unsafe class RotaryRows(ForwardContext context)
{
    /// <summary>q|k|v with rotated q and k, [n, query width + 2 · key-value width].</summary>
    /// <param name="qkv">Unrotated rows.</param>
    /// <param name="positions">The position of every row; the table must reach them.</param>
    public Tensor Apply(Tensor qkv, int[] positions)
    {
        Tensor rotated = context.Memory.Rent(qkv.Shape);
        qkv.Data.CopyTo(rotated.Data);
        fixed (float* rows = rotated.Data)
        fixed (int* at = positions)
        {
            ModelSizes s = context.Sizes;
            context.Compute.Rope(rows, qkv[1], qkv[0], s.Heads, s.HeadDim, context.Rope.Cosines, context.Rope.Sines, at);
            context.Compute.Rope(rows + s.QueryWidth, qkv[1], qkv[0], s.KeyValueHeads, s.HeadDim, context.Rope.Cosines, context.Rope.Sines, at);
        }

        return Operation.Record(rotated, (gradient, gradients) =>
        {
            Tensor back = gradients.Rent(qkv.Shape);
            gradient.Data.CopyTo(back.Data);
            fixed (float* rows = back.Data)
            fixed (int* at = positions)
            {
                ModelSizes s = context.Sizes;
                context.Compute.RopeGradient(rows, qkv[1], qkv[0], s.Heads, s.HeadDim, context.Rope.Cosines, context.Rope.Sines, at);
                context.Compute.RopeGradient(rows + s.QueryWidth, qkv[1], qkv[0], s.KeyValueHeads, s.HeadDim, context.Rope.Cosines, context.Rope.Sines, at);
            }

            gradients.Add(qkv, back);
        }, qkv);
    }
}
