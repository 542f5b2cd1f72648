using System.Runtime.CompilerServices;

namespace SkPeft.Tensors.Kernels;

/// <summary>
/// One or two rows by sixteen columns, for sixteen registers of 128 bits: eight hold sums, four B and one a broadcast of A. The number of rows is
/// a type, as in <see cref="WideTile{T, TRows}"/>.
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
        float* a0 = input.Start;
        float* a1 = input.Start + input.Row;
        for (int k = 0; k < depth; k++, a0 += input.Step, a1 += input.Step, b += strideB)
        {
            T x = T.Load(b);
            s0 = T.MultiplyAdd(T.Broadcast(*a0), x, s0);

            if (TRows.Value > 1)
            {
                s1 = T.MultiplyAdd(T.Broadcast(*a1), x, s1);
            }
        }

        Store(s0, c, accumulate);

        if (TRows.Value > 1)
        {
            Store(s1, c + strideC, accumulate);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(T sum, float* to, bool accumulate) => T.Store(accumulate ? T.Load(to) + sum : sum, to);
}
