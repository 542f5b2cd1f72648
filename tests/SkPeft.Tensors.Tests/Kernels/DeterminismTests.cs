using SkPeft.Tensors.Formats;
using SkPeft.Tensors.Kernels;
using SkPeft.Tensors.Threading;

namespace SkPeft.Tensors.Tests.Kernels;

/// <summary>The same numbers, bit for bit, whoever computes which part: without this the same seed would not give the same text.</summary>
public sealed unsafe class DeterminismTests
{
    [Theory]
    [InlineData(TensorType.Q4_1, Precision.Fast, 1)]
    [InlineData(TensorType.Q4_1, Precision.Fast, 9)]
    [InlineData(TensorType.Q6_K, Precision.Exact, 1)]
    [InlineData(TensorType.Q6_K, Precision.Exact, 30)]
    [InlineData(TensorType.BF16, Precision.Exact, 30)]
    public void Multiply_AnyNumberOfThreads_GivesTheSameBits(TensorType type, Precision precision, int n)
    {
        using PackedMatrix matrix = MatrixPacker.Pack(new EncodedSource(type, 700, 512, seed: 1));
        float[] x = RandomValues.Normal(n * 512, 2);
        Compare((compute, y) =>
        {
            fixed (float* px = x)
            {
                compute.Multiply(matrix, px, 512, n, y, 700, false, precision);
            }
        }, n * 700);
    }

    [Fact]
    public void Gemm_AnyNumberOfThreads_GivesTheSameBits()
    {
        float[] a = RandomValues.Normal(100 * 600, 1);
        float[] b = RandomValues.Normal(600 * 90, 2);
        Compare((compute, c) =>
        {
            fixed (float* pa = a, pb = b)
            {
                compute.Gemm(100, 90, 600, pa, 600, false, pb, 90, false, c, 90, false);
            }
        }, 100 * 90);
    }

    [Theory]
    [InlineData(TensorType.Q4_1)]
    [InlineData(TensorType.Q8_0)]
    [InlineData(TensorType.F32)]
    public void MultiplyTransposed_AnyNumberOfThreads_GivesTheSameBits(TensorType type)
    {
        using PackedMatrix matrix = MatrixPacker.Pack(new EncodedSource(type, 700, 512, seed: 1));
        float[] dy = RandomValues.Normal(50 * 700, 2);
        Compare((compute, dx) =>
        {
            fixed (float* p = dy)
            {
                compute.MultiplyTransposed(matrix, p, 700, 50, dx, 512, false);
            }
        }, 50 * 512);
    }

    [Fact]
    public void RowGradients_AnyNumberOfThreads_GiveTheSameBits()
    {
        const int N = 61, Size = 1111;
        float[] x = RandomValues.Normal(N * Size, 1), w = RandomValues.Normal(Size, 2), dy = RandomValues.Normal(N * Size, 3);
        int[] targets = [.. Enumerable.Range(0, N)];
        Compare((compute, to) =>
        {
            fixed (float* px = x, pw = w, pdy = dy)
            fixed (int* pt = targets)
            {
                compute.RmsNormGradient(px, Size, pw, 1e-5f, pdy, Size, to, Size, false, to + (N * Size), N, Size);
                float* next = to + ((N + 1) * Size);
                compute.SwiGluGradient(px, pdy, Size, pdy, Size, next, next + (N * Size), Size, N, Size);
                next += 2 * N * Size;
                x.CopyTo(new Span<float>(next, N * Size));
                compute.CrossEntropy(next, Size, N, Size, pt, pw, next + (N * Size), gradient: true);
            }
        }, ((4 * N) + 1) * Size + N);
    }

    private delegate void Computation(ComputeContext compute, float* result);

    private static void Compare(Computation run, int size)
    {
        float[]? expected = null;
        foreach (int threads in new[] { 1, 2, 5 })
        {
            using var team = new WorkerTeam(threads);
            using var compute = new ComputeContext(team);
            for (int round = 0; round < 3; round++)
            {
                var result = new float[size];
                fixed (float* p = result)
                {
                    run(compute, p);
                }

                expected ??= result;
                result.AsSpan().SequenceEqual(expected).ShouldBeTrue($"{threads} threads, round {round}");
            }
        }
    }
}
