namespace SkPeft.Tensors.Kernels;

/// <summary>
/// Attention in three passes over a small block of queries: scores of all pages (K blocks are panels of 16 positions, so the
/// matrix kernel computes them), softmax a query at a time, then the weighted sum of the values.
/// </summary>
/// <typeparam name="TElement">What the pages hold.</typeparam>
/// <typeparam name="TLanes">The vectors.</typeparam>
internal sealed unsafe class AttentionKernelOf<TElement, TLanes>(int maxColumns) : AttentionKernel
    where TElement : unmanaged, IPanelElement
    where TLanes : unmanaged, ILanes<TLanes>
{
    private const int PageSize = KvPageLayout.Positions;

    private readonly PanelKernelOf<FloatFormat<TElement, TLanes>, TLanes, TLanes, TLanes, FloatFormat<TElement, TLanes>.None> _scores =
        new() { MaxColumns = maxColumns };

    public override int MaxColumns => maxColumns;

    public override void Run(in AttentionCall call, in AttentionSpan span, int kvHead, int first, int count, float* scratch)
    {
        KvPageLayout layout = call.Layout;
        int columns = _scores.TileFor(count);
        int sharing = call.Heads / layout.KvHeads;
        int seen = span.FirstPosition + ((first + count - 1) / sharing) + 1;
        int pages = (seen + PageSize - 1) / PageSize;
        float* queries = scratch;
        float* outputs = queries + (columns * layout.PaddedDim);
        float* scores = outputs + (columns * layout.PaddedDim);

        new Span<float>(queries, columns * layout.PaddedDim).Clear();
        for (int c = 0; c < columns; c++)
        {
            // Spare columns of the tile repeat the last query; nobody reads them.
            (int row, int head) = Math.DivRem(first + Math.Min(c, count - 1), sharing);
            float* from = call.Queries + ((span.FirstRow + row) * call.QueryStride) + (((kvHead * sharing) + head) * (long)layout.HeadDim);
            _scores.PackInputs(from, layout.HeadDim, narrow: 0, (int*)queries + c, columns);
        }

        long offset = layout.KeyOffset(call.Layer, kvHead);
        for (int p = 0; p < pages; p++)
        {
            // Pages lie far apart: the CPU does not see the next one coming.
            byte* keys = span.Pages[p] + offset;
            if (p + 1 < pages)
            {
                Prefetch.Block(span.Pages[p + 1] + offset, layout.BlockBytes);
            }

            _scores.Multiply(columns, keys, (int*)queries, layout.PaddedDim / 4, scores + ((long)p * columns * PageSize));
        }

        for (int c = 0; c < columns; c++)
        {
            int visible = span.FirstPosition + ((first + Math.Min(c, count - 1)) / sharing) + 1;
            Softmax(scores + (c * PageSize), columns * PageSize, pages, visible, call.Scale);
        }

        Values(columns, span.Pages, layout.ValueOffset(call.Layer, kvHead), layout.PaddedDim, scores, seen, outputs);
        for (int c = 0; c < count; c++, outputs += layout.PaddedDim)
        {
            (int row, int head) = Math.DivRem(first + c, sharing);
            float* to = call.Output + ((span.FirstRow + row) * call.OutputStride) + (((kvHead * sharing) + head) * (long)layout.HeadDim);
            new Span<float>(outputs, layout.HeadDim).CopyTo(new Span<float>(to, layout.HeadDim));
        }
    }

    // Positions from `visible` on are masked; their lanes may hold anything, NaN included.
    private static void Softmax(float* scores, int stride, int pages, int visible, float scale)
    {
        for (int p = visible; p < pages * PageSize; p++)
        {
            scores[((long)(p / PageSize) * stride) + (p % PageSize)] = float.NegativeInfinity;
        }

        TLanes factor = TLanes.Broadcast(scale);
        TLanes largest = TLanes.Broadcast(float.NegativeInfinity);
        for (int p = 0; p < pages; p++)
        {
            float* at = scores + ((long)p * stride);
            TLanes scaled = TLanes.Load(at) * factor;
            TLanes.Store(scaled, at);
            largest = TLanes.Max(largest, scaled);
        }

        TLanes shift = TLanes.Broadcast(TLanes.Largest(largest));
        TLanes sum = TLanes.Zero;
        for (int p = 0; p < pages; p++)
        {
            float* at = scores + ((long)p * stride);
            TLanes e = Exponential.Exp(TLanes.Load(at) - shift);
            TLanes.Store(e, at);
            sum += e;
        }

        TLanes inverse = TLanes.Broadcast(1f / TLanes.Sum(sum));
        for (int p = 0; p < pages; p++)
        {
            float* at = scores + ((long)p * stride);
            TLanes.Store(TLanes.Load(at) * inverse, at);
        }
    }

    private static void Values(int columns, byte** pages, long offset, int dim, float* scores, int positions, float* to)
    {
        switch (columns)
        {
            case 1:
                ValueTile1<TElement, TLanes>.Run(pages, offset, dim, scores, positions, to);
                break;
            case 2:
                ValueTile2<TElement, TLanes>.Run(pages, offset, dim, scores, positions, to);
                break;
            case 4:
                ValueTile4<TElement, TLanes>.Run(pages, offset, dim, scores, positions, to);
                break;
            default:
                ValueTile8<TElement, TLanes>.Run(pages, offset, dim, scores, positions, to);
                break;
        }
    }
}
