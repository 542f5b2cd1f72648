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
    /// <summary>C (+)= A · B; see <see cref="MicroKernel"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(int depth, TileInput input, float* b, long strideB, float* c, long strideC, bool accumulate)
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

        // Every fourth row has a pointer; those between are one, two or three strides further, which an address can hold.
        nint row = (nint)input.Row;
        nint row2 = 2 * row;
        nint row3 = 3 * row;
        nint step = (nint)input.Step;
        float* a0 = input.Start;
        float* a4 = input.Start + (4 * row);
        float* a8 = input.Start + (8 * row);
        for (int k = 0; k < depth; k++, a0 += step, a4 += step, a8 += step, b += strideB)
        {
            T low = T.Load(b);
            T high = T.Load(b + 16);
            T y0 = T.Broadcast(a0[0]);
            l0 = T.MultiplyAdd(y0, low, l0);
            h0 = T.MultiplyAdd(y0, high, h0);

            if (TRows.Value > 1)
            {
                T y1 = T.Broadcast(a0[row]);
                l1 = T.MultiplyAdd(y1, low, l1);
                h1 = T.MultiplyAdd(y1, high, h1);
            }

            if (TRows.Value > 2)
            {
                T y2 = T.Broadcast(a0[row2]);
                l2 = T.MultiplyAdd(y2, low, l2);
                h2 = T.MultiplyAdd(y2, high, h2);
            }

            if (TRows.Value > 3)
            {
                T y3 = T.Broadcast(a0[row3]);
                l3 = T.MultiplyAdd(y3, low, l3);
                h3 = T.MultiplyAdd(y3, high, h3);
            }

            if (TRows.Value > 4)
            {
                T y4 = T.Broadcast(a4[0]);
                l4 = T.MultiplyAdd(y4, low, l4);
                h4 = T.MultiplyAdd(y4, high, h4);
            }

            if (TRows.Value > 5)
            {
                T y5 = T.Broadcast(a4[row]);
                l5 = T.MultiplyAdd(y5, low, l5);
                h5 = T.MultiplyAdd(y5, high, h5);
            }

            if (TRows.Value > 6)
            {
                T y6 = T.Broadcast(a4[row2]);
                l6 = T.MultiplyAdd(y6, low, l6);
                h6 = T.MultiplyAdd(y6, high, h6);
            }

            if (TRows.Value > 7)
            {
                T y7 = T.Broadcast(a4[row3]);
                l7 = T.MultiplyAdd(y7, low, l7);
                h7 = T.MultiplyAdd(y7, high, h7);
            }

            if (TRows.Value > 8)
            {
                T y8 = T.Broadcast(a8[0]);
                l8 = T.MultiplyAdd(y8, low, l8);
                h8 = T.MultiplyAdd(y8, high, h8);
            }

            if (TRows.Value > 9)
            {
                T y9 = T.Broadcast(a8[row]);
                l9 = T.MultiplyAdd(y9, low, l9);
                h9 = T.MultiplyAdd(y9, high, h9);
            }

            if (TRows.Value > 10)
            {
                T y10 = T.Broadcast(a8[row2]);
                l10 = T.MultiplyAdd(y10, low, l10);
                h10 = T.MultiplyAdd(y10, high, h10);
            }

            if (TRows.Value > 11)
            {
                T y11 = T.Broadcast(a8[row3]);
                l11 = T.MultiplyAdd(y11, low, l11);
                h11 = T.MultiplyAdd(y11, high, h11);
            }
        }

        Store(l0, h0, c, accumulate);

        if (TRows.Value > 1)
        {
            Store(l1, h1, c + strideC, accumulate);
        }

        if (TRows.Value > 2)
        {
            Store(l2, h2, c + (2 * strideC), accumulate);
        }

        if (TRows.Value > 3)
        {
            Store(l3, h3, c + (3 * strideC), accumulate);
        }

        if (TRows.Value > 4)
        {
            Store(l4, h4, c + (4 * strideC), accumulate);
        }

        if (TRows.Value > 5)
        {
            Store(l5, h5, c + (5 * strideC), accumulate);
        }

        if (TRows.Value > 6)
        {
            Store(l6, h6, c + (6 * strideC), accumulate);
        }

        if (TRows.Value > 7)
        {
            Store(l7, h7, c + (7 * strideC), accumulate);
        }

        if (TRows.Value > 8)
        {
            Store(l8, h8, c + (8 * strideC), accumulate);
        }

        if (TRows.Value > 9)
        {
            Store(l9, h9, c + (9 * strideC), accumulate);
        }

        if (TRows.Value > 10)
        {
            Store(l10, h10, c + (10 * strideC), accumulate);
        }

        if (TRows.Value > 11)
        {
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
