using SkPeft.Tensors.Kernels;

namespace SkPeft.Engine.Models.Llama;

/// <summary>Attention over gated keys and values with a softmax of their own (LLaMA-Adapter, arXiv 2303.16199 §3.2).</summary>
internal sealed unsafe class GatedAttention(ModelSizes sizes, ComputeContext compute)
{
    /// <summary>attended += gate ⊙ softmax(q Kᵀ / √headDim) V, head by head.</summary>
    public void Add(GatedKeyValueEffect effect, Rows queries, Rows attended)
    {
        int count = effect.Keys[0];
        int dim = sizes.HeadDim;
        int width = sizes.KeyValueWidth;
        int group = sizes.Heads / sizes.KeyValueHeads;
        float scale = 1f / MathF.Sqrt(dim);
        float[] scores = new float[count];
        fixed (float* keys = effect.Keys.Data, values = effect.Values.Data, s = scores)
        {
            for (int row = 0; row < queries.Count; row++)
            {
                for (int head = 0; head < sizes.Heads; head++)
                {
                    int offset = head / group * dim;
                    for (int i = 0; i < count; i++)
                    {
                        s[i] = compute.Dot(queries.Row(row) + (head * dim), keys + ((long)i * width) + offset, dim) * scale;
                    }

                    compute.Softmax(s, count);
                    for (int i = 0; i < count; i++)
                    {
                        compute.Axpy(effect.Gate.Data[head] * s[i], values + ((long)i * width) + offset, attended.Row(row) + (head * dim), dim);
                    }
                }
            }
        }
    }
}
