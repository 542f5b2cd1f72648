using SkPeft.Tensors.Ops;

namespace SkPeft.Training.Forward;

/// <summary>Gated keys and values with a softmax of their own (LLaMA-Adapter, arXiv 2303.16199 §3.2), head by head.</summary>
internal sealed class GatedRows(ForwardContext context)
{
    /// <summary>What is added to the attention's output, [n, query width].</summary>
    /// <param name="qkv">Rotated q|k|v rows of the effect's adapter.</param>
    /// <param name="effect">Keys, values and gates.</param>
    public Tensor Apply(Tensor qkv, GatedKeyValueEffect effect)
    {
        ModelSizes sizes = context.Sizes;
        int dim = sizes.HeadDim;
        Tensor[] heads = new Tensor[sizes.Heads];
        for (int head = 0; head < heads.Length; head++)
        {
            int read = head / (sizes.Heads / sizes.KeyValueHeads) * dim;
            Tensor scores = qkv.Slice(1, head * dim, dim).MatMulTransposed(effect.Keys.Slice(1, read, dim)).Scale(1f / MathF.Sqrt(dim));
            heads[head] = scores.Softmax(1).MatMul(effect.Values.Slice(1, read, dim)).Multiply(effect.Gate.Slice(0, head, 1));
        }

        return TensorOps.Concat(1, heads);
    }
}
