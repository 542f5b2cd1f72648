using System.Runtime.CompilerServices;

namespace SkPeft.Tensors.Kernels;

/// <summary>
/// Up to six rows by sixteen columns, for sixteen registers: with 256 bits 12 hold sums, two B and one a broadcast of A; with
/// 128 bits two rows fill as many. The number of rows is a type, as in <see cref="WideTile{T, TRows}"/>.
/// </summary>
internal static unsafe class NarrowTile<T, TRows>
    where T : unmanaged, ILanes<T>
    where TRows : unmanaged, ITileRows
{
    /// <summary>C (+)= A · B; see <see cref="MicroKernel"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(int depth, TileInput input, float* b, long strideB, float* c, long strideC, bool accumulate)
    {
        T s0 = T.Zero;
        T s1 = T.Zero;
        T s2 = T.Zero;
        T s3 = T.Zero;
        T s4 = T.Zero;
        T s5 = T.Zero;

        // Every fourth row has a pointer; those between are one, two or three strides further, which an address can hold.
        nint row = (nint)input.Row;
        nint row2 = 2 * row;
        nint row3 = 3 * row;
        nint step = (nint)input.Step;
        float* a0 = input.Start;
        float* a4 = input.Start + (4 * row);
        for (int k = 0; k < depth; k++, a0 += step, a4 += step, b += strideB)
        {
            T x = T.Load(b);
            s0 = T.MultiplyAdd(T.Broadcast(a0[0]), x, s0);

            if (TRows.Value > 1)
            {
                s1 = T.MultiplyAdd(T.Broadcast(a0[row]), x, s1);
            }

            if (TRows.Value > 2)
            {
                s2 = T.MultiplyAdd(T.Broadcast(a0[row2]), x, s2);
            }

            if (TRows.Value > 3)
            {
                s3 = T.MultiplyAdd(T.Broadcast(a0[row3]), x, s3);
            }

            if (TRows.Value > 4)
            {
                s4 = T.MultiplyAdd(T.Broadcast(a4[0]), x, s4);
            }

            if (TRows.Value > 5)
            {
                s5 = T.MultiplyAdd(T.Broadcast(a4[row]), x, s5);
            }
        }

        Store(s0, c, accumulate);

        if (TRows.Value > 1)
        {
            Store(s1, c + strideC, accumulate);
        }

        if (TRows.Value > 2)
        {
            Store(s2, c + (2 * strideC), accumulate);
        }

        if (TRows.Value > 3)
        {
            Store(s3, c + (3 * strideC), accumulate);
        }

        if (TRows.Value > 4)
        {
            Store(s4, c + (4 * strideC), accumulate);
        }

        if (TRows.Value > 5)
        {
            Store(s5, c + (5 * strideC), accumulate);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(T sum, float* to, bool accumulate) => T.Store(accumulate ? T.Load(to) + sum : sum, to);
}
