namespace SkPeft.Tensors.Kernels;

/// <summary>
/// Attention of a few queries that share keys over the pages of their sequence. A query is a row's head; those that share a key/value head are
/// numbered row by row, so that a single row reads the keys once for all of its heads.
/// </summary>
internal abstract unsafe class AttentionKernel
{
    private static readonly AttentionKernel[][] s_all =
    [
        [new AttentionKernelOf<SingleElement, Lanes128>(2), new AttentionKernelOf<HalfElement, Lanes128>(2)],
        [new AttentionKernelOf<SingleElement, Lanes256>(4), new AttentionKernelOf<HalfElement, Lanes256>(4)],
        [new AttentionKernelOf<SingleElement, Lanes512>(8), new AttentionKernelOf<HalfElement, Lanes512>(8)],
    ];

    /// <summary>Most queries at a time.</summary>
    public abstract int MaxColumns { get; }

    public static AttentionKernel Get(InstructionSet set, bool half) => s_all[(int)set.Vectors()][half ? 1 : 0];

    /// <summary>Floats of scratch memory for queries that see so many positions.</summary>
    public long ScratchFloats(KvPageLayout layout, int positions) =>
        MaxColumns * (((positions + 31L) / 16 * 16) + (2 * layout.PaddedDim));

    /// <summary>Computes the output of consecutive queries of one key/value head.</summary>
    /// <param name="call">Tensors and sizes.</param>
    /// <param name="span">The sequence.</param>
    /// <param name="kvHead">The key/value head.</param>
    /// <param name="first">First query: row · (query heads a key/value head) + head, the row relative to the span.</param>
    /// <param name="count">Number of queries, at most <see cref="MaxColumns"/>.</param>
    /// <param name="scratch">See <see cref="ScratchFloats"/>.</param>
    public abstract void Run(in AttentionCall call, in AttentionSpan span, int kvHead, int first, int count, float* scratch);
}
