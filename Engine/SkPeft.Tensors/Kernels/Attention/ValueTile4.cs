using System.Runtime.CompilerServices;

namespace SkPeft.Tensors.Kernels;

/// <summary>Weighted sums of the values of one head for four queries, sixteen dimensions at a time.</summary>
internal static unsafe class ValueTile4<TElement, TLanes>
    where TElement : unmanaged, IPanelElement
    where TLanes : unmanaged, ILanes<TLanes>
{
    /// <summary>Writes [4 queries][dim]; scores are [page][4 queries][16 positions].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(byte** pages, long offset, int dim, float* scores, int positions, float* to)
    {
        for (int d = 0; d < dim; d += 16)
        {
            RunOne(pages, offset + (d * TElement.Bytes), dim, scores, positions, to + d);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RunOne(byte** pages, long offset, int stride, float* scores, int positions, float* to)
    {
        TLanes t0 = TLanes.Zero, t1 = TLanes.Zero, t2 = TLanes.Zero, t3 = TLanes.Zero;
        for (int start = 0; start < positions; start += KvPageLayout.Positions, scores += 4 * KvPageLayout.Positions)
        {
            byte* value = *pages++ + offset;
            float* s = scores;
            int end = Math.Min(start + KvPageLayout.Positions, positions);
            for (int p = start; p < end; p++, s++, value += stride * TElement.Bytes)
            {
                TLanes v = TElement.Load<TLanes>(value);
                t0 = TLanes.MultiplyAdd(v, TLanes.Broadcast(s[0]), t0);
                t1 = TLanes.MultiplyAdd(v, TLanes.Broadcast(s[16]), t1);
                t2 = TLanes.MultiplyAdd(v, TLanes.Broadcast(s[32]), t2);
                t3 = TLanes.MultiplyAdd(v, TLanes.Broadcast(s[48]), t3);
            }
        }

        TLanes.Store(t0, to);
        TLanes.Store(t1, to + stride);
        TLanes.Store(t2, to + (2 * stride));
        TLanes.Store(t3, to + (3 * stride));
    }
}
