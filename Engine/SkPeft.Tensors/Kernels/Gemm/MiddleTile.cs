using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace SkPeft.Tensors.Kernels;

/// <summary>
/// Up to six rows by two vectors of 256 bits: 12 sums, two vectors of B and one broadcast of A fill 15 of 16 registers. The number of rows is a
/// type, as in <see cref="WideTile{T, TRows}"/>.
/// </summary>
/// <remarks>
/// Sums are vectors, not <see cref="Lanes256"/>: of a struct the JIT copies every second sum. Four steps a turn: a core's other thread, whoever
/// runs it, takes half of the instructions, so that each one that is no multiplication counts.
/// </remarks>
internal static unsafe class MiddleTile<TRows>
    where TRows : unmanaged, ITileRows
{
    private const int Half = 8;
    private const int Columns = 2 * Half;
    private const int Unroll = 4;

    /// <summary>C (+)= A · B; see <see cref="MicroKernel"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(int depth, TileInput input, float* b, long strideB, float* c, long strideC, bool accumulate)
    {
        // C is wanted at the end only, and by then it is there.
        for (int r = 0; r < TRows.Value; r++)
        {
            Prefetch.Line(c + (r * strideC));
        }

        Vector256<float> l0 = Vector256<float>.Zero, h0 = l0;
        Vector256<float> l1 = l0, h1 = l0;
        Vector256<float> l2 = l0, h2 = l0;
        Vector256<float> l3 = l0, h3 = l0;
        Vector256<float> l4 = l0, h4 = l0;
        Vector256<float> l5 = l0, h5 = l0;

        // Every fourth row has a pointer; those between are one, two or three strides further, which an address can hold.
        nint row = (nint)input.Row;
        nint row2 = 2 * row;
        nint row3 = 3 * row;
        nint step = (nint)input.Step;
        float* a0 = input.Start;
        float* a4 = input.Start + (4 * row);
        int k = 0;
        if (strideB == Columns && step == 1)
        {
            for (; k + Unroll <= depth; k += Unroll, a0 += Unroll, a4 += Unroll, b += Unroll * Columns)
            {
                Add(a0, a4, row, row2, row3, 0, b, ref l0, ref h0, ref l1, ref h1, ref l2, ref h2, ref l3, ref h3, ref l4, ref h4, ref l5, ref h5);
                Add(a0, a4, row, row2, row3, 1, b + Columns, ref l0, ref h0, ref l1, ref h1, ref l2, ref h2, ref l3, ref h3, ref l4, ref h4, ref l5, ref h5);
                Add(a0, a4, row, row2, row3, 2, b + (2 * Columns), ref l0, ref h0, ref l1, ref h1, ref l2, ref h2, ref l3, ref h3, ref l4, ref h4, ref l5, ref h5);
                Add(a0, a4, row, row2, row3, 3, b + (3 * Columns), ref l0, ref h0, ref l1, ref h1, ref l2, ref h2, ref l3, ref h3, ref l4, ref h4, ref l5, ref h5);
            }
        }
        else if (strideB == Columns && row == 1 && step == MiddleMicroKernel.MostRows)
        {
            const int Step = MiddleMicroKernel.MostRows;
            for (; k + Unroll <= depth; k += Unroll, a0 += Unroll * Step, b += Unroll * Columns)
            {
                Add(a0, a0 + 4, 1, 2, 3, 0, b, ref l0, ref h0, ref l1, ref h1, ref l2, ref h2, ref l3, ref h3, ref l4, ref h4, ref l5, ref h5);
                Add(a0, a0 + 4, 1, 2, 3, Step, b + Columns, ref l0, ref h0, ref l1, ref h1, ref l2, ref h2, ref l3, ref h3, ref l4, ref h4, ref l5, ref h5);
                Add(a0, a0 + 4, 1, 2, 3, 2 * Step, b + (2 * Columns), ref l0, ref h0, ref l1, ref h1, ref l2, ref h2, ref l3, ref h3, ref l4, ref h4, ref l5, ref h5);
                Add(a0, a0 + 4, 1, 2, 3, 3 * Step, b + (3 * Columns), ref l0, ref h0, ref l1, ref h1, ref l2, ref h2, ref l3, ref h3, ref l4, ref h4, ref l5, ref h5);
            }

            a4 = a0 + 4;
        }

        for (; k < depth; k++, a0 += step, a4 += step, b += strideB)
        {
            Add(a0, a4, row, row2, row3, 0, b, ref l0, ref h0, ref l1, ref h1, ref l2, ref h2, ref l3, ref h3, ref l4, ref h4, ref l5, ref h5);
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
    }

    // A step of the sum: its values of A lie `at` floats behind the pointers.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(
        float* a0, float* a4, nint row, nint row2, nint row3, int at, float* b,
        ref Vector256<float> l0, ref Vector256<float> h0, ref Vector256<float> l1, ref Vector256<float> h1,
        ref Vector256<float> l2, ref Vector256<float> h2, ref Vector256<float> l3, ref Vector256<float> h3,
        ref Vector256<float> l4, ref Vector256<float> h4, ref Vector256<float> l5, ref Vector256<float> h5)
    {
        Vector256<float> low = Vector256.Load(b);
        Vector256<float> high = Vector256.Load(b + Half);
        AddRow(a0 + at, low, high, ref l0, ref h0);

        if (TRows.Value > 1)
        {
            AddRow(a0 + row + at, low, high, ref l1, ref h1);
        }

        if (TRows.Value > 2)
        {
            AddRow(a0 + row2 + at, low, high, ref l2, ref h2);
        }

        if (TRows.Value > 3)
        {
            AddRow(a0 + row3 + at, low, high, ref l3, ref h3);
        }

        if (TRows.Value > 4)
        {
            AddRow(a4 + at, low, high, ref l4, ref h4);
        }

        if (TRows.Value > 5)
        {
            AddRow(a4 + row + at, low, high, ref l5, ref h5);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddRow(float* a, Vector256<float> low, Vector256<float> high, ref Vector256<float> sumLow, ref Vector256<float> sumHigh)
    {
        Vector256<float> x = Avx.BroadcastScalarToVector256(a);
        sumLow = Fma.MultiplyAdd(x, low, sumLow);
        sumHigh = Fma.MultiplyAdd(x, high, sumHigh);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector256<float> low, Vector256<float> high, float* to, bool accumulate)
    {
        (accumulate ? Vector256.Load(to) + low : low).Store(to);
        (accumulate ? Vector256.Load(to + Half) + high : high).Store(to + Half);
    }
}
