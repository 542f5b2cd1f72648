using System.Buffers;

namespace SkPeft.Tensors.Ops;

/// <summary>
/// c[i] (+)= Σ_k a[i, k] · b[k] on the calling thread, in blocks of four rows by two vectors of c. Left-over columns go through a copy with
/// zeros beside them.
/// </summary>
/// <remarks>Every element is summed in the order of k, with two roundings a term: blocks and left-overs give the same bits.</remarks>
internal static unsafe class CombinationKernel
{
    public static void Run(MatrixView a, bool transposeA, MatrixView b, MatrixView c, bool accumulate)
    {
        for (int i = 0; i < c.Rows && !accumulate; i++)
        {
            c.Row(i).Clear();
        }

        int whole = c.Columns - (c.Columns % CombinationBlock.Columns);
        fixed (float* pa = a.Values, pb = b.Values, pc = c.Values)
        {
            CombinationBlock block = new() { StepI = transposeA ? 1 : a.Stride, StepK = transposeA ? a.Stride : 1, StrideB = b.Stride, StrideC = c.Stride, Depth = b.Rows };
            for (int j = 0; j < whole; j += CombinationBlock.Columns)
            {
                block.AddColumns(pa, pb + j, pc + j, c.Rows);
            }
        }

        if (whole < c.Columns)
        {
            RunRest(a, transposeA, b.Part(whole), c.Part(whole));
        }
    }

    private static void RunRest(MatrixView a, bool transposeA, MatrixView b, MatrixView c)
    {
        int width = CombinationBlock.Columns;
        float[] memory = ArrayPool<float>.Shared.Rent((b.Rows + c.Rows) * width);
        MatrixView wideB = new(memory.AsSpan(0, b.Rows * width), b.Rows, width, width);
        MatrixView wideC = new(memory.AsSpan(b.Rows * width, c.Rows * width), c.Rows, width, width);
        Copy(b, wideB);
        Copy(c, wideC);
        Run(a, transposeA, wideB, wideC, accumulate: true);
        Copy(wideC, c);
        ArrayPool<float>.Shared.Return(memory);
    }

    // Of the columns that both have; others become 0.
    private static void Copy(MatrixView from, MatrixView to)
    {
        int width = Math.Min(from.Columns, to.Columns);
        for (int i = 0; i < from.Rows; i++)
        {
            from.Row(i)[..width].CopyTo(to.Row(i));
            to.Row(i)[width..].Clear();
        }
    }
}
