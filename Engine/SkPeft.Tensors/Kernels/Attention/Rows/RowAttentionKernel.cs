namespace SkPeft.Tensors.Kernels;

/// <summary>
/// Attention of one sequence by matrix products over blocks of its query rows. The gradient computes the probabilities again from
/// the stored logarithms of their sums, so that nothing of size rows × rows is ever kept (Dao et al. 2022).
/// </summary>
internal sealed unsafe class RowAttentionKernel(InstructionSet set)
{
    /// <summary>Query rows at a time: a multiple of every micro-kernel's rows.</summary>
    private const int BlockRows = 48;

    private readonly RowProducts _products = new(MicroKernel.Get(set));
    private readonly VectorKernels _vectors = VectorKernels.Get(set);

    /// <summary>Floats of scratch memory for a sequence whose last row sees so many keys.</summary>
    public long ScratchFloats(int seen) => _products.ScratchFloats + (2 * BlockRows * Width(seen));

    /// <summary>Computes the output of one query head of a sequence.</summary>
    public void Forward(in RowAttention call, in RowSpan span, int head, float* scratch)
    {
        long width = Width(span.PrefixCount + span.Count);
        float* scores = scratch + _products.ScratchFloats;
        for (int first = 0; first < span.Count; first += BlockRows)
        {
            var block = new RowBlock(call, span, head, first, Math.Min(BlockRows, span.Count - first));
            float* queries = block.QueryRows(call.Queries, call.QueryStride);
            float* output = block.QueryRows(call.Output, call.OutputStride);
            _products.TimesKeys(block, queries, call.QueryStride, new RowKeys(block, span.PrefixKeys, call.Keys, call.KeyStride), scores, width, scratch);
            for (int r = 0; r < block.Rows; r++)
            {
                LogSum(call, block, head, r) = Softmax(scores + (r * width), block.Visible(r), block.Seen, call.Scale);
            }

            _products.WeighKeys(block, scores, width, new RowKeys(block, span.PrefixValues, call.Values, call.ValueStride), output, call.OutputStride, scratch);
        }
    }

    /// <summary>Adds to the gradients of the keys and values of one head, and writes those of a query head that reads it.</summary>
    /// <param name="call">The call.</param>
    /// <param name="gradient">Gradients of the rows.</param>
    /// <param name="span">The sequence.</param>
    /// <param name="head">The query head.</param>
    /// <param name="prefixKeys">[prefix, headDim]: gradient of this head of the prefix, added to.</param>
    /// <param name="prefixValues">Likewise.</param>
    /// <param name="scratch">See <see cref="ScratchFloats"/>.</param>
    public void Gradient(in RowAttention call, in RowAttentionGradient gradient, in RowSpan span, int head, float* prefixKeys, float* prefixValues, float* scratch)
    {
        long width = Width(span.PrefixCount + span.Count);
        float* scores = scratch + _products.ScratchFloats;
        float* slopes = scores + (BlockRows * width);
        for (int first = 0; first < span.Count; first += BlockRows)
        {
            var block = new RowBlock(call, span, head, first, Math.Min(BlockRows, span.Count - first));
            float* queries = block.QueryRows(call.Queries, call.QueryStride);
            float* outputGradient = block.QueryRows(gradient.Output, gradient.OutputStride);
            var keys = new RowKeys(block, span.PrefixKeys, call.Keys, call.KeyStride);
            var values = new RowKeys(block, span.PrefixValues, call.Values, call.ValueStride);
            _products.TimesKeys(block, queries, call.QueryStride, keys, scores, width, scratch);
            _products.TimesKeys(block, outputGradient, gradient.OutputStride, values, slopes, width, scratch);
            float* output = block.QueryRows(call.Output, call.OutputStride);
            for (int r = 0; r < block.Rows; r++)
            {
                float mean = _vectors.Dot(output + (r * call.OutputStride), outputGradient + (r * gradient.OutputStride), call.HeadDim);
                SoftmaxGradient(scores + (r * width), slopes + (r * width), block.Visible(r), block.Seen, call.Scale, LogSum(call, block, head, r), mean);
            }

            _products.WeighKeys(block, slopes, width, keys, block.QueryRows(gradient.Queries, gradient.QueryStride), gradient.QueryStride, scratch);
            _products.AddToKeys(block, slopes, width, queries, call.QueryStride,
                new RowKeys(block, prefixKeys, call.HeadDim, gradient.Keys, gradient.KeyStride), scratch);
            _products.AddToKeys(block, scores, width, outputGradient, gradient.OutputStride,
                new RowKeys(block, prefixValues, call.HeadDim, gradient.Values, gradient.ValueStride), scratch);
        }
    }

    private static long Width(int seen) => (seen + 15L) / 16 * 16;

    private static ref float LogSum(in RowAttention call, in RowBlock block, int head, int r) =>
        ref call.LogSums[((long)(block.FirstRow + r) * call.Heads) + head];

    // Returns the logarithm of the sum. What the row does not see becomes 0.
    private float Softmax(float* scores, int visible, int seen, float scale)
    {
        _vectors.Scale(scale, scores, visible);
        float largest = _vectors.Largest(scores, visible);
        float sum = _vectors.ExpShifted(scores, largest, visible);
        _vectors.Scale(1f / sum, scores, visible);
        new Span<float>(scores + visible, seen - visible).Clear();
        return largest + MathF.Log(sum);
    }

    // Scores become probabilities, the gradient of the probabilities that of the scores.
    private void SoftmaxGradient(float* scores, float* slopes, int visible, int seen, float scale, float logSum, float mean)
    {
        _vectors.ExpScaled(scores, scale, logSum, visible);
        _vectors.SoftmaxGradient(scores, slopes, mean, scale, visible);
        new Span<float>(scores + visible, seen - visible).Clear();
        new Span<float>(slopes + visible, seen - visible).Clear();
    }
}
