using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace SkPeft.Tensors.Kernels;

/// <summary>Products with a few rows W whose sums are formed in sixteen lanes, folded in double and rounded once.</summary>
/// <remarks>
/// A general product forms each sum in one fp32 number from end to end, so that every step rounds at the size of the whole sum so far; here a
/// lane has a sixteenth of the steps and a quarter of the size. The order is the same on every CPU, and whoever computes a row. Where 512-bit
/// vectors are the CPU's own, four rows share what is loaded; elsewhere so many sums would not fit the registers.
/// </remarks>
internal static unsafe class LaneSums
{
    private const int Lanes = 16;

    /// <summary>y[i, j] = scale · Σ x[i, k] · W[j, k] for some rows.</summary>
    /// <param name="x">The first row.</param>
    /// <param name="stride">Floats between rows of x.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="w">W, [outputs, size].</param>
    /// <param name="outputs">Its rows.</param>
    /// <param name="size">Length of the sums.</param>
    /// <param name="scale">The factor; the sum is rounded behind it.</param>
    /// <param name="y">The first row, [rows, outputs].</param>
    public static void Run(float* x, long stride, int rows, float* w, int outputs, int size, float scale, float* y)
    {
        int row = 0;
        for (; Vector512.IsHardwareAccelerated && row + 4 <= rows; row += 4)
        {
            int output = 0;
            for (; output + 4 <= outputs; output += 4)
            {
                FourRows(x + (row * stride), stride, w + ((long)output * size), size, scale, y + ((long)row * outputs) + output, outputs);
            }

            for (; output < outputs; output++)
            {
                for (int r = row; r < row + 4; r++)
                {
                    y[((long)r * outputs) + output] = One(x + (r * stride), w + ((long)output * size), size, scale);
                }
            }
        }

        for (; row < rows; row++)
        {
            int output = 0;
            for (; output + 4 <= outputs; output += 4)
            {
                OneRow(x + (row * stride), w + ((long)output * size), size, scale, y + ((long)row * outputs) + output);
            }

            for (; output < outputs; output++)
            {
                y[((long)row * outputs) + output] = One(x + (row * stride), w + ((long)output * size), size, scale);
            }
        }
    }

    // No calls that are not inlined inside the loop: sixteen sums stay in registers.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void FourRows(float* x, long stride, float* w, int size, float scale, float* y, int strideY)
    {
        Vector512<float> a0 = default, a1 = default, a2 = default, a3 = default, b0 = default, b1 = default, b2 = default, b3 = default;
        Vector512<float> c0 = default, c1 = default, c2 = default, c3 = default, d0 = default, d1 = default, d2 = default, d3 = default;
        float* ends = stackalloc float[8 * Lanes];
        for (int k = 0; k < size; k += Lanes)
        {
            float* from = x + k, at = w + k;
            long nextX = stride, nextW = size;
            if (size - k < Lanes)
            {
                for (int i = 0; i < 4; i++)
                {
                    Rest(from + (i * stride), size - k, ends + (i * Lanes));
                    Rest(at + ((long)i * size), size - k, ends + ((i + 4) * Lanes));
                }

                from = ends;
                at = ends + (4 * Lanes);
                nextX = nextW = Lanes;
            }

            Vector512<float> xa = Vector512.Load(from), xb = Vector512.Load(from + nextX), xc = Vector512.Load(from + (2 * nextX)), xd = Vector512.Load(from + (3 * nextX));
            Vector512<float> v = Vector512.Load(at);
            (a0, b0, c0, d0) = (Vector512.FusedMultiplyAdd(xa, v, a0), Vector512.FusedMultiplyAdd(xb, v, b0), Vector512.FusedMultiplyAdd(xc, v, c0), Vector512.FusedMultiplyAdd(xd, v, d0));
            v = Vector512.Load(at + nextW);
            (a1, b1, c1, d1) = (Vector512.FusedMultiplyAdd(xa, v, a1), Vector512.FusedMultiplyAdd(xb, v, b1), Vector512.FusedMultiplyAdd(xc, v, c1), Vector512.FusedMultiplyAdd(xd, v, d1));
            v = Vector512.Load(at + (2 * nextW));
            (a2, b2, c2, d2) = (Vector512.FusedMultiplyAdd(xa, v, a2), Vector512.FusedMultiplyAdd(xb, v, b2), Vector512.FusedMultiplyAdd(xc, v, c2), Vector512.FusedMultiplyAdd(xd, v, d2));
            v = Vector512.Load(at + (3 * nextW));
            (a3, b3, c3, d3) = (Vector512.FusedMultiplyAdd(xa, v, a3), Vector512.FusedMultiplyAdd(xb, v, b3), Vector512.FusedMultiplyAdd(xc, v, c3), Vector512.FusedMultiplyAdd(xd, v, d3));
        }

        Store(a0, a1, a2, a3, scale, y);
        Store(b0, b1, b2, b3, scale, y + strideY);
        Store(c0, c1, c2, c3, scale, y + (2 * strideY));
        Store(d0, d1, d2, d3, scale, y + (3 * strideY));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void OneRow(float* x, float* w, int size, float scale, float* y)
    {
        Vector512<float> a0 = default, a1 = default, a2 = default, a3 = default;
        float* ends = stackalloc float[5 * Lanes];
        for (int k = 0; k < size; k += Lanes)
        {
            float* from = x + k, at = w + k;
            long next = size;
            if (size - k < Lanes)
            {
                Rest(from, size - k, ends);
                for (int i = 0; i < 4; i++)
                {
                    Rest(at + ((long)i * size), size - k, ends + ((i + 1) * Lanes));
                }

                from = ends;
                at = ends + Lanes;
                next = Lanes;
            }

            Vector512<float> xa = Vector512.Load(from);
            a0 = Vector512.FusedMultiplyAdd(xa, Vector512.Load(at), a0);
            a1 = Vector512.FusedMultiplyAdd(xa, Vector512.Load(at + next), a1);
            a2 = Vector512.FusedMultiplyAdd(xa, Vector512.Load(at + (2 * next)), a2);
            a3 = Vector512.FusedMultiplyAdd(xa, Vector512.Load(at + (3 * next)), a3);
        }

        Store(a0, a1, a2, a3, scale, y);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float One(float* x, float* w, int size, float scale)
    {
        Vector512<float> sum = default;
        float* ends = stackalloc float[2 * Lanes];
        for (int k = 0; k < size; k += Lanes)
        {
            float* from = x + k, at = w + k;
            if (size - k < Lanes)
            {
                Rest(from, size - k, ends);
                Rest(at, size - k, ends + Lanes);
                from = ends;
                at = ends + Lanes;
            }

            sum = Vector512.FusedMultiplyAdd(Vector512.Load(from), Vector512.Load(at), sum);
        }

        return Fold(sum, scale);
    }

    private static void Rest(float* from, int count, float* to)
    {
        for (int i = 0; i < Lanes; i++)
        {
            to[i] = i < count ? from[i] : 0;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector512<float> s0, Vector512<float> s1, Vector512<float> s2, Vector512<float> s3, float scale, float* y)
    {
        y[0] = Fold(s0, scale);
        y[1] = Fold(s1, scale);
        y[2] = Fold(s2, scale);
        y[3] = Fold(s3, scale);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Fold(Vector512<float> lanes, float scale) => (float)(Vector512.Sum(Vector512.WidenLower(lanes) + Vector512.WidenUpper(lanes)) * scale);
}
