using System.Numerics.Tensors;
using SkPeft.Tensors.Differentiation;
using SkPeft.Tensors.Kernels;

namespace SkPeft.Tensors.Ops;

/// <summary>
/// Matrix products, without recording: large ones by the compute context that was lent to this thread, if one was, others on the calling
/// thread. The two round differently.
/// </summary>
internal static class Products
{
    // Multiplications from which packing for the blocked kernels pays.
    private const long LargeWork = 65_536;

    // Rows and columns of the result below which it does not: as often is a packed element used.
    private const int LargeSide = 16;

    /// <summary>c (+)= op(a) · op(b), where op transposes or not; not both may be transposed.</summary>
    public static void Run(MatrixView a, bool transposeA, MatrixView b, bool transposeB, MatrixView c, bool accumulate)
    {
        int inner = transposeA ? a.Rows : a.Columns;
        bool large = Math.Min(c.Rows, c.Columns) >= LargeSide && (long)c.Rows * c.Columns * inner >= LargeWork;
        if (large && ComputeScope.Current is { } compute)
        {
            RunOn(compute, a, transposeA, b, transposeB, c, accumulate);
        }
        else if (transposeB)
        {
            RunDots(a, b, c, accumulate);
        }
        else
        {
            CombinationKernel.Run(a, transposeA, b, c, accumulate);
        }
    }

    private static unsafe void RunOn(ComputeContext compute, MatrixView a, bool transposeA, MatrixView b, bool transposeB, MatrixView c, bool accumulate)
    {
        fixed (float* pa = a.Values, pb = b.Values, pc = c.Values)
        {
            compute.Gemm(c.Rows, c.Columns, transposeA ? a.Rows : a.Columns, pa, a.Stride, transposeA, pb, b.Stride, transposeB, pc, c.Stride, accumulate);
        }
    }

    // c[i, j] (+)= Σ_k a[i, k] · b[j, k].
    private static void RunDots(MatrixView a, MatrixView b, MatrixView c, bool accumulate)
    {
        for (int i = 0; i < a.Rows; i++)
        {
            ReadOnlySpan<float> row = a.Row(i);
            Span<float> result = c.Row(i);
            for (int j = 0; j < b.Rows; j++)
            {
                float dot = TensorPrimitives.Dot(row, b.Row(j));
                result[j] = accumulate ? result[j] + dot : dot;
            }
        }
    }
}
