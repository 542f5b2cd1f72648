using System.Runtime.CompilerServices;

namespace SkPeft.Tensors.Kernels;

/// <summary>
/// Weighted sums of the values of one head for four queries: sixteen dimensions at a time, or 64 where there are registers for them, so that a value
/// is met once.
/// </summary>
internal static unsafe class ValueTile4<TElement, TLanes>
    where TElement : unmanaged, IPanelElement
    where TLanes : unmanaged, ILanes<TLanes>
{
    /// <summary>Writes [4 queries][dim]; scores are [page][4 queries][16 positions].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(byte** pages, long offset, int dim, float* scores, int positions, float* to)
    {
        int d = 0;
        for (; typeof(TLanes) == typeof(Lanes512) && d + 64 <= dim; d += 64)
        {
            RunFour(pages, offset + (d * TElement.Bytes), dim, scores, positions, to + d);
        }

        for (; d < dim; d += 16)
        {
            RunOne(pages, offset + (d * TElement.Bytes), dim, scores, positions, to + d);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RunFour(byte** pages, long offset, int stride, float* scores, int positions, float* to)
    {
        TLanes a0 = TLanes.Zero, a1 = TLanes.Zero, a2 = TLanes.Zero, a3 = TLanes.Zero;
        TLanes b0 = TLanes.Zero, b1 = TLanes.Zero, b2 = TLanes.Zero, b3 = TLanes.Zero;
        TLanes c0 = TLanes.Zero, c1 = TLanes.Zero, c2 = TLanes.Zero, c3 = TLanes.Zero;
        TLanes d0 = TLanes.Zero, d1 = TLanes.Zero, d2 = TLanes.Zero, d3 = TLanes.Zero;
        for (int start = 0; start < positions; start += KvPageLayout.Positions, scores += 4 * KvPageLayout.Positions)
        {
            byte* value = *pages++ + offset;
            if (start + KvPageLayout.Positions < positions)
            {
                Prefetch.Block(*pages + offset, KvPageLayout.Positions * stride * TElement.Bytes);
            }

            float* s = scores;
            int end = Math.Min(start + KvPageLayout.Positions, positions);
            for (int p = start; p < end; p++, s++, value += stride * TElement.Bytes)
            {
                TLanes v0 = TElement.Load<TLanes>(value);
                TLanes v1 = TElement.Load<TLanes>(value + (16 * TElement.Bytes));
                TLanes v2 = TElement.Load<TLanes>(value + (32 * TElement.Bytes));
                TLanes v3 = TElement.Load<TLanes>(value + (48 * TElement.Bytes));
                TLanes w = TLanes.Broadcast(s[0]);
                a0 = TLanes.MultiplyAdd(v0, w, a0);
                a1 = TLanes.MultiplyAdd(v1, w, a1);
                a2 = TLanes.MultiplyAdd(v2, w, a2);
                a3 = TLanes.MultiplyAdd(v3, w, a3);
                w = TLanes.Broadcast(s[16]);
                b0 = TLanes.MultiplyAdd(v0, w, b0);
                b1 = TLanes.MultiplyAdd(v1, w, b1);
                b2 = TLanes.MultiplyAdd(v2, w, b2);
                b3 = TLanes.MultiplyAdd(v3, w, b3);
                w = TLanes.Broadcast(s[32]);
                c0 = TLanes.MultiplyAdd(v0, w, c0);
                c1 = TLanes.MultiplyAdd(v1, w, c1);
                c2 = TLanes.MultiplyAdd(v2, w, c2);
                c3 = TLanes.MultiplyAdd(v3, w, c3);
                w = TLanes.Broadcast(s[48]);
                d0 = TLanes.MultiplyAdd(v0, w, d0);
                d1 = TLanes.MultiplyAdd(v1, w, d1);
                d2 = TLanes.MultiplyAdd(v2, w, d2);
                d3 = TLanes.MultiplyAdd(v3, w, d3);
            }
        }

        Store(a0, a1, a2, a3, to);
        Store(b0, b1, b2, b3, to + stride);
        Store(c0, c1, c2, c3, to + (2 * stride));
        Store(d0, d1, d2, d3, to + (3 * stride));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(TLanes a, TLanes b, TLanes c, TLanes d, float* to)
    {
        TLanes.Store(a, to);
        TLanes.Store(b, to + 16);
        TLanes.Store(c, to + 32);
        TLanes.Store(d, to + 48);
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
