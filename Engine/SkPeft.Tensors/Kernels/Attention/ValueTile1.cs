using System.Runtime.CompilerServices;

namespace SkPeft.Tensors.Kernels;

/// <summary>Weighted sum of the values of one head for one query: as many dimensions as four vectors hold at a time.</summary>
internal static unsafe class ValueTile1<TElement, TLanes>
    where TElement : unmanaged, IPanelElement
    where TLanes : unmanaged, ILanes<TLanes>
{
    /// <summary>Writes [dim].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(byte** pages, long offset, int dim, float* scores, int positions, float* to)
    {
        int d = 0;
        for (; d + 64 <= dim; d += 64)
        {
            RunFour(pages, offset + (d * TElement.Bytes), dim * TElement.Bytes, scores, positions, to + d);
        }

        for (; d < dim; d += 16)
        {
            RunOne(pages, offset + (d * TElement.Bytes), dim * TElement.Bytes, scores, positions, to + d);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RunFour(byte** pages, long offset, int stride, float* scores, int positions, float* to)
    {
        TLanes t0 = TLanes.Zero, t1 = TLanes.Zero, t2 = TLanes.Zero, t3 = TLanes.Zero;
        for (int start = 0; start < positions; start += KvPageLayout.Positions)
        {
            byte* v = *pages++ + offset;
            if (start + KvPageLayout.Positions < positions)
            {
                Prefetch.Block(*pages + offset, KvPageLayout.Positions * stride);
            }

            int end = Math.Min(start + KvPageLayout.Positions, positions);
            for (int p = start; p < end; p++, v += stride)
            {
                TLanes s = TLanes.Broadcast(scores[p]);
                t0 = TLanes.MultiplyAdd(TElement.Load<TLanes>(v), s, t0);
                t1 = TLanes.MultiplyAdd(TElement.Load<TLanes>(v + (16 * TElement.Bytes)), s, t1);
                t2 = TLanes.MultiplyAdd(TElement.Load<TLanes>(v + (32 * TElement.Bytes)), s, t2);
                t3 = TLanes.MultiplyAdd(TElement.Load<TLanes>(v + (48 * TElement.Bytes)), s, t3);
            }
        }

        TLanes.Store(t0, to);
        TLanes.Store(t1, to + 16);
        TLanes.Store(t2, to + 32);
        TLanes.Store(t3, to + 48);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RunOne(byte** pages, long offset, int stride, float* scores, int positions, float* to)
    {
        TLanes t = TLanes.Zero;
        for (int start = 0; start < positions; start += KvPageLayout.Positions)
        {
            byte* v = *pages++ + offset;
            int end = Math.Min(start + KvPageLayout.Positions, positions);
            for (int p = start; p < end; p++, v += stride)
            {
                t = TLanes.MultiplyAdd(TElement.Load<TLanes>(v), TLanes.Broadcast(scores[p]), t);
            }
        }

        TLanes.Store(t, to);
    }
}
