using SkPeft.Tensors.Formats;
using SkPeft.Tensors.Kernels;
using SkPeft.Tensors.Threading;

namespace SkPeft.Tensors.Tests.Kernels;

/// <summary>dx = dy·W of every format against sums in double precision, within 1e-6 of the sum of the terms' magnitudes.</summary>
public sealed unsafe class MultiplyTransposedTests
{
    public static TheoryData<TensorType, InstructionSet> Cases => MultiplyTests.Cases;

    [Theory]
    [MemberData(nameof(Cases))]
    public void MultiplyTransposed_AnyFormatAndShape_MatchesDoublePrecision(TensorType type, InstructionSet set)
    {
        using var team = new WorkerTeam(2);
        using var compute = new ComputeContext(team, set);
        int block = type.BlockSize();
        foreach ((int rows, int columns) in block == 1
            ? new[] { (1, 1), (15, 3), (16, 4), (17, 15), (33, 16), (31, 33), (300, 200), (2100, 8) }
            : [(1, block), (15, block), (16, 2 * block), (33, block), (520, 3 * block)])
        {
            var source = new EncodedSource(type, rows, columns, seed: rows + columns);
            using PackedMatrix matrix = MatrixPacker.Pack(source);
            foreach (int n in new[] { 0, 1, 7, 12, 13, 37 })
            {
                Check(compute, matrix, source, n, accumulate: n % 2 == 0);
            }
        }
    }

    private static void Check(ComputeContext compute, PackedMatrix matrix, EncodedSource source, int n, bool accumulate)
    {
        // Odd strides and a border that must stay untouched.
        int strideDy = matrix.Rows + 3;
        int strideDx = matrix.Columns + 5;
        float[] dy = RandomValues.Normal((n + 1) * strideDy, 10 + n);
        float[] before = RandomValues.Normal((n + 1) * strideDx, 77);
        float[] dx = [.. before];
        fixed (float* pdy = dy, pdx = dx)
        {
            compute.MultiplyTransposed(matrix, pdy, strideDy, n, pdx, strideDx, accumulate);
        }

        float[][] w = [.. Enumerable.Range(0, matrix.Rows).Select(source.Row)];
        for (int i = 0; i < n; i++)
        {
            for (int k = 0; k < matrix.Columns; k++)
            {
                double sum = accumulate ? before[(i * strideDx) + k] : 0;
                double size = Math.Abs(sum);
                for (int o = 0; o < matrix.Rows; o++)
                {
                    double term = (double)w[o][k] * dy[(i * strideDy) + o];
                    sum += term;
                    size += Math.Abs(term);
                }

                double error = Math.Abs(dx[(i * strideDx) + k] - sum);
                error.ShouldBeLessThanOrEqualTo((1e-6 * size) + 1e-30, $"{matrix.Kind} [{matrix.Rows},{matrix.Columns}] n={n} row {i} input {k}");
            }
        }

        for (int i = 0; i <= n; i++)
        {
            int from = (i * strideDx) + (i < n ? matrix.Columns : 0);
            dx.AsSpan(from, ((i + 1) * strideDx) - from).SequenceEqual(before.AsSpan(from, ((i + 1) * strideDx) - from)).ShouldBeTrue();
        }
    }
}
