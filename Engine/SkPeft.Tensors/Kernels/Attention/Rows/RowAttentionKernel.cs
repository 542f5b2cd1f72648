namespace SkPeft.Tensors.Kernels;

/// <summary>
/// Attention of one sequence by matrix products over blocks of its query rows. The gradient computes the probabilities again from
/// the stored logarithms of their sums, so that nothing of size rows × rows is ever kept (Dao et al. 2022).
/// </summary>
internal sealed unsafe class RowAttentionKernel(InstructionSet set)
{
    /// <summary>Stacked rows at a time, about: enough that packing the keys costs little, few enough that scores stay near.</summary>
    private const int StackedRows = 96;

    private readonly RowProducts _products = new(MicroKernel.Get(set));
    private readonly VectorKernels _vectors = VectorKernels.Get(set);

    /// <summary>Floats of scratch memory for sequences whose last row sees so many keys.</summary>
    public long ScratchFloats(in RowAttention call, int seen) =>
        _products.ScratchFloats + ((long)BlockRows(call) * (call.Heads / call.KeyValueHeads) * ((2 * Width(seen)) + (3 * call.HeadDim)));

    /// <summary>Rows of a sequence in a block.</summary>
    public static int BlockRows(in RowAttention call) => Math.Max(4, StackedRows / (call.Heads / call.KeyValueHeads));

    /// <summary>Computes the output of a block of rows, from <paramref name="first"/> on, for the heads that read one head of keys.</summary>
    public void Forward(in RowAttention call, in RowSpan span, int keyHead, int first, float* scratch)
    {
        var block = new RowBlock(call, span, keyHead, first, Math.Min(BlockRows(call), span.Count - first));
        long width = Width(block.Seen);
        float* queries = scratch + _products.ScratchFloats;
        float* output = queries + (block.Stacked * call.HeadDim);
        float* scores = output + (block.Stacked * call.HeadDim);
        block.Gather(call.Queries, call.QueryStride, queries);
        _products.TimesKeys(block, queries, new RowKeys(block, span.PrefixKeys, call.Keys, call.KeyStride), scores, width, scratch);
        for (int s = 0; s < block.Stacked; s++, scores += width)
        {
            int visible = block.Visible(s);
            LogSum(call, block, s) = _vectors.ScoreSoftmax(scores, call.Scale, visible);
            Clear(scores, visible, block.Seen);
        }

        scores -= block.Stacked * width;
        _products.WeighKeys(block, scores, width, new RowKeys(block, span.PrefixValues, call.Values, call.ValueStride), output, scratch);
        block.Scatter(output, call.Output, call.OutputStride);
    }

    /// <summary>Adds to the gradients of one head of keys and values, and writes those of the query heads that read it.</summary>
    /// <param name="call">The call.</param>
    /// <param name="gradient">Gradients of the rows.</param>
    /// <param name="span">The sequence.</param>
    /// <param name="keyHead">The head of keys.</param>
    /// <param name="prefixKeys">[prefix, headDim]: gradient of this head of the prefix, added to.</param>
    /// <param name="prefixValues">Likewise.</param>
    /// <param name="scratch">See <see cref="ScratchFloats"/>.</param>
    public void Gradient(in RowAttention call, in RowAttentionGradient gradient, in RowSpan span, int keyHead, float* prefixKeys, float* prefixValues, float* scratch)
    {
        for (int first = 0; first < span.Count; first += BlockRows(call))
        {
            var block = new RowBlock(call, span, keyHead, first, Math.Min(BlockRows(call), span.Count - first));
            long width = Width(block.Seen);
            float* queries = scratch + _products.ScratchFloats;
            float* outputGradient = queries + (block.Stacked * call.HeadDim);
            float* queryGradient = outputGradient + (block.Stacked * call.HeadDim);
            float* scores = queryGradient + (block.Stacked * call.HeadDim);
            float* slopes = scores + (block.Stacked * width);
            var keys = new RowKeys(block, span.PrefixKeys, call.Keys, call.KeyStride);
            block.Gather(call.Queries, call.QueryStride, queries);
            block.Gather(gradient.Output, gradient.OutputStride, outputGradient);
            _products.TimesKeys(block, queries, keys, scores, width, scratch);
            _products.TimesKeys(block, outputGradient, new RowKeys(block, span.PrefixValues, call.Values, call.ValueStride), slopes, width, scratch);
            ScoreGradients(call, block, outputGradient, scores, slopes, width);
            _products.WeighKeys(block, slopes, width, keys, queryGradient, scratch);
            block.Scatter(queryGradient, gradient.Queries, gradient.QueryStride);
            _products.AddToKeys(block, slopes, width, queries,
                new RowKeys(block, prefixKeys, call.HeadDim, gradient.Keys, gradient.KeyStride), scratch);
            _products.AddToKeys(block, scores, width, outputGradient,
                new RowKeys(block, prefixValues, call.HeadDim, gradient.Values, gradient.ValueStride), scratch);
        }
    }

    // Scores become probabilities, the gradient of the probabilities that of the scores.
    private void ScoreGradients(in RowAttention call, in RowBlock block, float* outputGradient, float* scores, float* slopes, long width)
    {
        for (int s = 0; s < block.Stacked; s++, scores += width, slopes += width, outputGradient += call.HeadDim)
        {
            int visible = block.Visible(s);
            float mean = _vectors.Dot(block.At(call.Output, call.OutputStride, s), outputGradient, call.HeadDim);
            _vectors.ScoreGradient(scores, slopes, call.Scale, LogSum(call, block, s), mean, visible);
            Clear(scores, visible, block.Seen);
            Clear(slopes, visible, block.Seen);
        }
    }

    private static long Width(int seen) => (seen + 15L) / 16 * 16;

    private static ref float LogSum(in RowAttention call, in RowBlock block, int stacked) =>
        ref call.LogSums[((long)block.Row(stacked) * call.Heads) + block.Head(stacked)];

    private static void Clear(float* scores, int visible, int seen) => new Span<float>(scores + visible, seen - visible).Clear();
}
