using System.Runtime.CompilerServices;

namespace SkPeft.Tensors.Kernels;

/// <summary>
/// Up to twelve rows by two vectors: 24 sums, two vectors of B and one broadcast of A fill 27 of 32 registers. The number of rows
/// is a type, so that the machine code of fewer rows holds none of the others.
/// </summary>
internal static unsafe class WideTile<T, TRows>
    where T : unmanaged, ILanes<T>
    where TRows : unmanaged, ITileRows
{
    /// <summary>Floats between steps of packed A.</summary>
    public const int StrideA = 12;

    /// <summary>C (+)= A · B; see <see cref="MicroKernel"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(int depth, float* a, float* b, long strideB, float* c, long strideC, bool accumulate)
    {
        // C is wanted at the end only, and by then it is there.
        for (int r = 0; r < TRows.Value; r++)
        {
            Prefetch.Line(c + (r * strideC));
            Prefetch.Line(c + (r * strideC) + 16);
        }

        T l0 = T.Zero, h0 = T.Zero;
        T l1 = T.Zero, h1 = T.Zero;
        T l2 = T.Zero, h2 = T.Zero;
        T l3 = T.Zero, h3 = T.Zero;
        T l4 = T.Zero, h4 = T.Zero;
        T l5 = T.Zero, h5 = T.Zero;
        T l6 = T.Zero, h6 = T.Zero;
        T l7 = T.Zero, h7 = T.Zero;
        T l8 = T.Zero, h8 = T.Zero;
        T l9 = T.Zero, h9 = T.Zero;
        T l10 = T.Zero, h10 = T.Zero;
        T l11 = T.Zero, h11 = T.Zero;
        for (int k = 0; k < depth; k++, a += StrideA, b += strideB)
        {
            T low = T.Load(b);
            T high = T.Load(b + 16);
            T x;
            x = T.Broadcast(a[0]);
            l0 = T.MultiplyAdd(x, low, l0);
            h0 = T.MultiplyAdd(x, high, h0);
            x = T.Broadcast(a[1]);
            l1 = T.MultiplyAdd(x, low, l1);
            h1 = T.MultiplyAdd(x, high, h1);
            x = T.Broadcast(a[2]);
            l2 = T.MultiplyAdd(x, low, l2);
            h2 = T.MultiplyAdd(x, high, h2);
            x = T.Broadcast(a[3]);
            l3 = T.MultiplyAdd(x, low, l3);
            h3 = T.MultiplyAdd(x, high, h3);

            if (TRows.Value > 4)
            {
                x = T.Broadcast(a[4]);
                l4 = T.MultiplyAdd(x, low, l4);
                h4 = T.MultiplyAdd(x, high, h4);
                x = T.Broadcast(a[5]);
                l5 = T.MultiplyAdd(x, low, l5);
                h5 = T.MultiplyAdd(x, high, h5);
                x = T.Broadcast(a[6]);
                l6 = T.MultiplyAdd(x, low, l6);
                h6 = T.MultiplyAdd(x, high, h6);
                x = T.Broadcast(a[7]);
                l7 = T.MultiplyAdd(x, low, l7);
                h7 = T.MultiplyAdd(x, high, h7);
            }

            if (TRows.Value > 8)
            {
                x = T.Broadcast(a[8]);
                l8 = T.MultiplyAdd(x, low, l8);
                h8 = T.MultiplyAdd(x, high, h8);
                x = T.Broadcast(a[9]);
                l9 = T.MultiplyAdd(x, low, l9);
                h9 = T.MultiplyAdd(x, high, h9);
                x = T.Broadcast(a[10]);
                l10 = T.MultiplyAdd(x, low, l10);
                h10 = T.MultiplyAdd(x, high, h10);
                x = T.Broadcast(a[11]);
                l11 = T.MultiplyAdd(x, low, l11);
                h11 = T.MultiplyAdd(x, high, h11);
            }
        }

        Store(l0, h0, c, accumulate);
        Store(l1, h1, c + strideC, accumulate);
        Store(l2, h2, c + (2 * strideC), accumulate);
        Store(l3, h3, c + (3 * strideC), accumulate);

        if (TRows.Value > 4)
        {
            Store(l4, h4, c + (4 * strideC), accumulate);
            Store(l5, h5, c + (5 * strideC), accumulate);
            Store(l6, h6, c + (6 * strideC), accumulate);
            Store(l7, h7, c + (7 * strideC), accumulate);
        }

        if (TRows.Value > 8)
        {
            Store(l8, h8, c + (8 * strideC), accumulate);
            Store(l9, h9, c + (9 * strideC), accumulate);
            Store(l10, h10, c + (10 * strideC), accumulate);
            Store(l11, h11, c + (11 * strideC), accumulate);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(T low, T high, float* to, bool accumulate)
    {
        T.Store(accumulate ? T.Load(to) + low : low, to);
        T.Store(accumulate ? T.Load(to + 16) + high : high, to + 16);
    }
}
