using SkPeft.Tensors.Kernels;
using SkPeft.Tensors.Threading;

namespace SkPeft.Tensors.Tests.Kernels;

/// <summary>fp32 products against double precision, within 1e-6 of the sum of the terms' magnitudes.</summary>
public sealed unsafe class GemmTests
{
    public static TheoryData<InstructionSet> Sets => [.. InstructionSets.Supported];

    [Theory]
    [MemberData(nameof(Sets))]
    public void Gemm_AnyShapeAndTransposition_MatchesDoublePrecision(InstructionSet set)
    {
        using var team = new WorkerTeam(2);
        using var compute = new ComputeContext(team, set);
        (int, int, int)[] shapes =
        [
            (0, 3, 4), (3, 0, 4), (3, 4, 0), (1, 1, 1), (2, 3, 5), (12, 32, 4), (13, 33, 7), (11, 31, 255), (24, 64, 256), (25, 17, 257),
            (5, 100, 600), (100, 5, 16), (16, 16, 16), (3100, 2, 3), (2, 3100, 3),

            // Few columns (C is computed transposed), few rows (B is read in place), several blocks of rows, parts and stretches.
            (40, 8, 700), (300, 31, 20), (8, 700, 40), (20, 130, 33), (650, 40, 20), (13, 70, 2100), (1300, 33, 9),
        ];
        foreach ((int m, int n, int k) in shapes)
        {
            foreach (bool transposeA in new[] { false, true })
            {
                foreach (bool transposeB in new[] { false, true })
                {
                    Check(compute, m, n, k, transposeA, transposeB, accumulate: transposeA == transposeB);
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void MultiplyPlain_FewRowsAndMany_GiveTheProduct(InstructionSet set)
    {
        using var team = new WorkerTeam(2);
        using var compute = new ComputeContext(team, set);
        foreach ((int outputs, int inputs, int n, bool accumulate) in new[] { (1, 1, 1, true), (17, 33, 4, false), (576, 64, 1, true), (31, 100, 9, true), (600, 40, 8, false) })
        {
            float[] w = RandomValues.Normal(outputs * inputs, 1);
            float[] x = RandomValues.Normal(n * (inputs + 1), 2);
            float[] y = RandomValues.Normal(n * (outputs + 2), 3);
            float[] before = [.. y];
            fixed (float* pw = w, px = x, py = y)
            {
                compute.MultiplyPlain(pw, outputs, inputs, px, inputs + 1, n, py, outputs + 2, accumulate);
            }

            for (int i = 0; i < n; i++)
            {
                for (int o = 0; o < outputs; o++)
                {
                    double[] terms = [.. Enumerable.Range(0, inputs).Select(k => (double)w[(o * inputs) + k] * x[(i * (inputs + 1)) + k])];
                    double start = accumulate ? before[(i * (outputs + 2)) + o] : 0;
                    ((double)y[(i * (outputs + 2)) + o]).ShouldBe(start + terms.Sum(), 1e-6 * (Math.Abs(start) + terms.Sum(Math.Abs)));
                }

                y[((i + 1) * (outputs + 2)) - 1].ShouldBe(before[((i + 1) * (outputs + 2)) - 1]);
            }
        }
    }

    private static void Check(ComputeContext compute, int m, int n, int k, bool transposeA, bool transposeB, bool accumulate)
    {
        int strideA = (transposeA ? m : k) + 1;
        int strideB = (transposeB ? k : n) + 2;
        int strideC = n + 3;
        float[] a = RandomValues.Normal(((transposeA ? k : m) * strideA) + 1, 1);
        float[] b = RandomValues.Normal(((transposeB ? n : k) * strideB) + 1, 2);
        float[] c = RandomValues.Normal((m * strideC) + 1, 3);
        float[] before = [.. c];
        fixed (float* pa = a, pb = b, pc = c)
        {
            compute.Gemm(m, n, k, pa, strideA, transposeA, pb, strideB, transposeB, pc, strideC, accumulate);
        }

        for (int i = 0; i < m; i++)
        {
            for (int j = 0; j < n; j++)
            {
                double sum = accumulate ? before[(i * strideC) + j] : 0;
                double size = Math.Abs(sum);
                for (int l = 0; l < k; l++)
                {
                    double term = (double)(transposeA ? a[(l * strideA) + i] : a[(i * strideA) + l]) * (transposeB ? b[(j * strideB) + l] : b[(l * strideB) + j]);
                    sum += term;
                    size += Math.Abs(term);
                }

                double found = c[(i * strideC) + j];
                Math.Abs(found - sum).ShouldBeLessThanOrEqualTo(1e-6 * size, $"{m}x{n}x{k} {transposeA} {transposeB} at {i},{j}");
            }

            c.AsSpan((i * strideC) + n, 3).SequenceEqual(before.AsSpan((i * strideC) + n, 3)).ShouldBeTrue();
        }
    }
}
