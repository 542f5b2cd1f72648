using SkPeft.Tensors.Formats;
using SkPeft.Tensors.Kernels;
using SkPeft.Tensors.Threading;

namespace SkPeft.Tensors.Tests.Kernels;

/// <summary>
/// y = W·x against sums in double precision. Tolerances: exact, 1e-6 of Σ|w·x| (fp32 sums of up to 600 terms); fast, the bound
/// that rounding of the activations implies: half a step (block maximum / 32639; int8: / 127 in blocks without outlier) times Σ|w| of the
/// block, plus the exact tolerance. Instruction sets among each other: 2e-6 of Σ|w·x|.
/// </summary>
public sealed unsafe class MultiplyTests
{
    private static readonly int[] s_counts = [0, 1, 2, 3, 4, 5, 7, 8, 9, 16, 17, 20, 26, 37];

    public static TheoryData<TensorType, InstructionSet> Cases
    {
        get
        {
            var cases = new TheoryData<TensorType, InstructionSet>();
            foreach (TensorType type in Enum.GetValues<TensorType>().Where(t => t.IsReadableAsFloat()))
            {
                foreach (InstructionSet set in InstructionSets.Supported)
                {
                    cases.Add(type, set);
                }
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Multiply_AnyFormatAndShape_IsWithinItsTolerance(TensorType type, InstructionSet set)
    {
        using var team = new WorkerTeam(2);
        using var compute = new ComputeContext(team, set);
        int block = type.BlockSize();
        foreach ((int rows, int columns) in block == 1
            ? new[] { (1, 1), (15, 3), (16, 4), (17, 15), (33, 16), (31, 33), (200, 300) }
            : [(1, block), (15, block), (16, 2 * block), (33, block), (129, 512)])
        {
            var source = new EncodedSource(type, rows, columns, seed: rows + columns);
            using PackedMatrix matrix = MatrixPacker.Pack(source);
            foreach (int n in s_counts)
            {
                Check(compute, matrix, source, n, Precision.Exact, accumulate: n % 2 == 0);
                Check(compute, matrix, source, n, Precision.Fast, accumulate: n % 2 == 1);
                if (set == InstructionSet.Avx512Vnni)
                {
                    Check(compute, matrix, source, n, Precision.Int8, accumulate: n % 2 == 0);
                }
            }
        }
    }

    [Theory]
    [InlineData(TensorType.Q4_1, Precision.Fast)]
    [InlineData(TensorType.Q8_0, Precision.Fast)]
    [InlineData(TensorType.Q2_K, Precision.Fast)]
    [InlineData(TensorType.Q4_K, Precision.Exact)]
    [InlineData(TensorType.BF16, Precision.Exact)]
    public void Multiply_EveryInstructionSet_GivesTheSame(TensorType type, Precision precision)
    {
        const int Rows = 50, Columns = 768, Count = 11;
        var source = new EncodedSource(type, Rows, Columns, seed: 9);
        using PackedMatrix matrix = MatrixPacker.Pack(source);
        float[] x = RandomValues.Normal(Count * Columns, 10);
        float[][] results = [.. InstructionSets.Supported.Select(set => Product(set, matrix, x, Count, precision))];
        for (int i = 0; i < Count * Rows; i++)
        {
            double size = source.Row(i % Rows).Select((w, k) => Math.Abs((double)w * x[(i / Rows * Columns) + k])).Sum();
            foreach (float[] result in results)
            {
                ((double)result[i]).ShouldBe(results[0][i], 2e-6 * size);
            }
        }
    }

    [Theory]
    [InlineData(TensorType.Q4_1)]
    [InlineData(TensorType.Q8_0)]
    public void Multiply_ActivationsNearZeroOrHuge_StayFinite(TensorType type)
    {
        var source = new EncodedSource(type, 20, 64, seed: 9);
        using PackedMatrix matrix = MatrixPacker.Pack(source);
        foreach (float size in new[] { 0f, float.Epsilon, 1e-39f, 1e-30f, 1e30f })
        {
            float[] x = [.. Enumerable.Range(0, 64).Select(i => i % 3 == 0 ? -size : size)];
            foreach (InstructionSet set in InstructionSets.Supported)
            {
                float[] y = Product(set, matrix, x, 1, Precision.Fast);
                for (int r = 0; r < 20; r++)
                {
                    double expected = source.Row(r).Select((w, k) => (double)w * x[k]).Sum();
                    double bound = source.Row(r).Sum(w => Math.Abs((double)w)) * size;
                    ((double)y[r]).ShouldBe(expected, (2e-5 * bound) + 1e-25);
                }
            }
        }
    }

    private static float[] Product(InstructionSet set, PackedMatrix matrix, float[] x, int n, Precision precision)
    {
        using var team = new WorkerTeam(2);
        using var compute = new ComputeContext(team, set);
        var y = new float[n * matrix.Rows];
        fixed (float* px = x, py = y)
        {
            compute.Multiply(matrix, px, matrix.Columns, n, py, matrix.Rows, accumulate: false, precision);
        }

        return y;
    }

    private static void Check(ComputeContext compute, PackedMatrix matrix, EncodedSource source, int n, Precision precision, bool accumulate)
    {
        // Odd strides and a border that must stay untouched.
        int strideX = matrix.Columns + 3;
        int strideY = matrix.Rows + 5;
        float[] x = RandomValues.Normal((n + 1) * strideX, 10 + n);
        float[] before = RandomValues.Normal((n + 1) * strideY, 77);
        float[] y = [.. before];
        fixed (float* px = x, py = y)
        {
            compute.Multiply(matrix, px, strideX, n, py, strideY, accumulate, precision);
        }

        for (int r = 0; r < matrix.Rows; r++)
        {
            float[] w = source.Row(r);
            for (int i = 0; i < n; i++)
            {
                double sum = accumulate ? before[(i * strideY) + r] : 0;
                double size = Math.Abs(sum);
                for (int k = 0; k < w.Length; k++)
                {
                    sum += (double)w[k] * x[(i * strideX) + k];
                    size += Math.Abs((double)w[k] * x[(i * strideX) + k]);
                }

                double tolerance = (1e-6 * size) + 1e-30;
                if (precision != Precision.Exact && PanelKinds.IsQuantised(matrix.Kind))
                {
                    tolerance += RoundingBound(matrix.Kind, w, x.AsSpan(i * strideX, w.Length), precision);
                }

                ((double)y[(i * strideY) + r]).ShouldBe(sum, tolerance, $"{matrix.Kind} {precision} [{matrix.Rows},{matrix.Columns}] n={n} row {r} column {i}");
            }
        }

        for (int i = 0; i <= n; i++)
        {
            int from = (i * strideY) + (i < n ? matrix.Rows : 0);
            y.AsSpan(from, ((i + 1) * strideY) - from).SequenceEqual(before.AsSpan(from, ((i + 1) * strideY) - from)).ShouldBeTrue();
        }
    }

    private static double RoundingBound(PanelKind kind, float[] w, ReadOnlySpan<float> x, Precision precision)
    {
        double outlier = precision == Precision.Int8 ? 4.0001 * Math.Sqrt(x.ToArray().Average(v => (double)v * v)) : 0;
        PanelKernel kernel = PanelKernels.Get(InstructionSet.Vector128, kind);
        double bound = 0;
        for (int k = 0; k < w.Length; k += kernel.BlockInputs)
        {
            double largest = 0;
            double weights = 0;
            for (int i = k; i < k + kernel.BlockInputs; i++)
            {
                largest = Math.Max(largest, Math.Abs(x[i]));
                weights += Math.Abs(w[i]);
            }

            bound += largest / (largest <= outlier ? 127 : Quantisation.Levels) * 0.5001 * weights;
        }

        return bound;
    }
}
