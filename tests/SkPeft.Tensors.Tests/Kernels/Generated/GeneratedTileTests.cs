using SkPeft.Tensors.Formats;
using SkPeft.Tensors.Kernels;
using SkPeft.Tensors.Threading;

namespace SkPeft.Tensors.Tests.Kernels.Generated;

/// <summary>Generated code gives the bits of the portable kernels of the same vectors, whether blocks have 8 bits, 16 bits, or some of each.</summary>
public sealed unsafe class GeneratedTileTests
{
    private const int Rows = 16, Columns = 768;

    [Theory]
    [InlineData(TensorType.Q4_0)]
    [InlineData(TensorType.Q4_1)]
    [InlineData(TensorType.Q4_K)]
    [InlineData(TensorType.Q8_0)]
    [InlineData(TensorType.Q6_K)]
    [InlineData(TensorType.Q2_K)]
    public void Multiply_AnyColumnsAndRounding_GivesTheBitsOfThePlainKernel(TensorType type)
    {
        RequireSet();
        using PackedMatrix matrix = MatrixPacker.Pack(new EncodedSource(type, Rows, Columns, seed: 3));
        foreach (int columns in (int[])[1, 2, 4, 8])
        {
            float[] x = Outlying(columns * Columns, seed: columns);
            foreach (float narrow in (float[])[0, 2.5f, float.PositiveInfinity])
            {
                float[] plain = Sums(PanelKernels.Get(InstructionSet.Avx512, matrix.Kind), matrix, x, columns, narrow);
                Sums(PanelKernels.Get(InstructionSet.Avx512Vnni, matrix.Kind), matrix, x, columns, narrow).ShouldBe(plain, $"{columns} columns, narrow to {narrow}");
                plain.ShouldContain(v => v != 0);
            }
        }
    }

    [Theory]
    [InlineData(Precision.Fast)]
    [InlineData(Precision.Int8)]
    public void Multiply_ARow_GetsTheSameBitsInAnyCompany(Precision precision)
    {
        RequireSet();
        const int Count = 37;
        using var team = new WorkerTeam(2);
        using var compute = new ComputeContext(team, InstructionSet.Avx512Vnni);
        using PackedMatrix matrix = MatrixPacker.Pack(new EncodedSource(TensorType.Q4_0, 100, Columns, seed: 5));
        float[] x = Outlying(Count * Columns, seed: 6);
        var together = new float[Count * matrix.Rows];
        var alone = new float[matrix.Rows];
        fixed (float* px = x, all = together, one = alone)
        {
            compute.Multiply(matrix, px, Columns, Count, all, matrix.Rows, accumulate: false, precision);
            for (int i = 0; i < Count; i++)
            {
                compute.Multiply(matrix, px + (i * Columns), Columns, 1, one, matrix.Rows, accumulate: false, precision);
                alone.ShouldBe(together.AsSpan(i * matrix.Rows, matrix.Rows).ToArray());
            }
        }
    }

    private static void RequireSet() =>
        Assert.SkipUnless(InstructionSets.Supported.Contains(InstructionSet.Avx512Vnni), "This processor has no AVX512_VNNI, or the system lets no process make code.");

    // A value in a hundred is an outlier, as behind LLaMA's norms.
    private static float[] Outlying(int count, int seed)
    {
        float[] x = RandomValues.Normal(count, seed);
        for (int i = 0; i < count; i += 97)
        {
            x[i] *= 20;
        }

        return x;
    }

    private static float[] Sums(PanelKernel kernel, PackedMatrix matrix, float[] x, int columns, float narrow)
    {
        int blocks = kernel.BlocksOf(Columns);
        int[] packed = new int[blocks * kernel.BlockWords * columns];
        var sums = new float[columns * Rows];
        fixed (int* to = packed)
        fixed (float* from = x, found = sums)
        {
            for (int c = 0; c < columns; c++)
            {
                kernel.PackInputs(from + (c * Columns), Columns, narrow, to + kernel.FirstWord(c), columns);
            }

            kernel.Multiply(columns, matrix.Panel(0), to, blocks, found);
        }

        return sums;
    }
}
