using SkPeft.Tensors.Kernels;
using SkPeft.Tensors.Threading;

namespace SkPeft.Tensors.Tests.Kernels;

/// <summary>
/// Row operations against double precision. Tolerances: dot 1e-6 of Σ|x·y|; axpy, scale, product 1.2e-7 relative to the terms;
/// RMS norm, rotation and SwiGLU 1e-6 of the largest term; exp within 3e-7 relative, softmax 1e-6 relative; log-sum-exp 1e-6.
/// </summary>
public sealed unsafe class VectorTests : IDisposable
{
    private static readonly int[] s_sizes = [0, 1, 2, 15, 16, 17, 31, 32, 33, 47, 64, 100, 577];
    private readonly WorkerTeam _team = new(2);

    public static TheoryData<InstructionSet> Sets => [.. InstructionSets.Supported];

    public void Dispose() => _team.Dispose();

    [Theory]
    [MemberData(nameof(Sets))]
    public void Dot_AnySize_IsTheSumOfProducts(InstructionSet set)
    {
        using var compute = new ComputeContext(_team, set);
        foreach (int size in s_sizes)
        {
            float[] x = RandomValues.Normal(size + 1, 1);
            float[] y = RandomValues.Normal(size + 1, 2);
            fixed (float* px = x, py = y)
            {
                double expected = Enumerable.Range(0, size).Sum(k => (double)x[k] * y[k]);
                double terms = Enumerable.Range(0, size).Sum(k => Math.Abs((double)x[k] * y[k]));
                ((double)compute.Dot(px, py, size)).ShouldBe(expected, (1e-6 * terms) + 1e-30);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void ElementwiseOperations_AnySize_TouchNothingBeyond(InstructionSet set)
    {
        using var compute = new ComputeContext(_team, set);
        foreach (int size in s_sizes)
        {
            Check(compute, size, (x, y, n) => compute.Axpy(-1.5f, x, y, n), (x, y) => y - (1.5 * x));
            Check(compute, size, (x, y, n) => compute.Add(x, y, n), (x, y) => y + (double)x);
            Check(compute, size, (x, y, n) => compute.MultiplyInto(x, y, n), (x, y) => y * (double)x);
            Check(compute, size, (x, y, n) => compute.Scale(0.3f, y, n), (_, y) => 0.3f * (double)y);
        }
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void RmsNorm_AnySizeAndStride_NormalisesEveryRow(InstructionSet set)
    {
        using var compute = new ComputeContext(_team, set);
        foreach (int size in s_sizes.Where(s => s > 0))
        {
            const int N = 60;
            int stride = size + 3;
            float[] x = RandomValues.Normal(N * stride, 3);
            float[] weight = RandomValues.Normal(size, 4);
            var y = new float[N * stride];
            fixed (float* px = x, py = y, pw = weight)
            {
                compute.RmsNorm(px, stride, pw, 1e-5f, py, stride, N, size);
            }

            for (int i = 0; i < N; i++)
            {
                float[] row = x[(i * stride)..((i * stride) + size)];
                double factor = 1 / Math.Sqrt((row.Sum(v => (double)v * v) / size) + 1e-5f);
                for (int k = 0; k < size; k++)
                {
                    double expected = row[k] * factor * weight[k];
                    ((double)y[(i * stride) + k]).ShouldBe(expected, 1e-6 * Math.Abs(expected));
                }

                y.AsSpan((i * stride) + size, 3).ToArray().ShouldAllBe(v => v == 0);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void Rope_AnyHeadDim_RotatesHalves(InstructionSet set)
    {
        using var compute = new ComputeContext(_team, set);
        foreach (int dim in new[] { 2, 6, 8, 16, 30, 32, 64, 80, 128 })
        {
            const int N = 9, Heads = 3;
            int stride = (Heads * dim) + 1;
            int half = dim / 2;
            float[] x = RandomValues.Normal(N * stride, 5);
            float[] before = [.. x];
            int[] positions = [.. Enumerable.Range(0, N).Select(i => i * 5 % 7)];
            float[] cos = [.. Enumerable.Range(0, 7 * half).Select(i => (float)Math.Cos(i))];
            float[] sin = [.. Enumerable.Range(0, 7 * half).Select(i => (float)Math.Sin(i))];
            fixed (float* px = x, pc = cos, ps = sin)
            fixed (int* pp = positions)
            {
                compute.Rope(px, stride, N, Heads, dim, pc, ps, pp);
            }

            for (int i = 0; i < N; i++)
            {
                x[(i * stride) + stride - 1].ShouldBe(before[(i * stride) + stride - 1]);
                for (int h = 0; h < Heads; h++)
                {
                    for (int d = 0; d < half; d++)
                    {
                        int at = (i * stride) + (h * dim) + d;
                        (double c, double s) = (cos[(positions[i] * half) + d], sin[(positions[i] * half) + d]);
                        double tolerance = 2e-7 * (Math.Abs(before[at]) + Math.Abs(before[at + half]));
                        ((double)x[at]).ShouldBe((before[at] * c) - (before[at + half] * s), tolerance);
                        ((double)x[at + half]).ShouldBe((before[at + half] * c) + (before[at] * s), tolerance);
                    }
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void SwiGlu_OrdinaryAndExtremeGates_AreAccurate(InstructionSet set)
    {
        using var compute = new ComputeContext(_team, set);
        float[] special = [0f, -0f, 1e-30f, -1e-30f, 20f, -20f, 87f, -87f, 88.5f, -88.5f, 200f, -200f, 1e30f, -1e30f];
        foreach (int size in s_sizes)
        {
            float[] gate = [.. RandomValues.Normal(size, 6).Select((v, i) => i % 3 == 2 ? special[i / 3 % special.Length] : v * 8)];
            float[] up = RandomValues.Normal(size, 7);
            var y = new float[size + 1];
            fixed (float* pg = gate, pu = up, py = y)
            {
                compute.SwiGlu(pg, pu, size, py, size, 1, size);
            }

            y[size].ShouldBe(0);
            for (int k = 0; k < size; k++)
            {
                double expected = gate[k] / (1 + Math.Exp(-(double)gate[k])) * up[k];
                ((double)y[k]).ShouldBe(expected, (1e-6 * Math.Abs(expected)) + 1e-35);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void Softmax_AnySize_SumsToOne(InstructionSet set)
    {
        using var compute = new ComputeContext(_team, set);
        foreach (int size in s_sizes.Where(s => s > 0))
        {
            float[] x = [.. RandomValues.Normal(size, 8).Select(v => (v * 10) + 1000)];
            double largest = x.Max();
            double sum = x.Sum(v => Math.Exp(v - largest));
            var y = new float[size + 1];
            x.CopyTo(y, 0);
            fixed (float* py = y)
            {
                compute.Softmax(py, size);
            }

            y[size].ShouldBe(0);
            for (int k = 0; k < size; k++)
            {
                double expected = Math.Exp(x[k] - largest) / sum;
                ((double)y[k]).ShouldBe(expected, (1e-6 * expected) + 1e-37);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void Softmax_LargeAndMinusInfinite_StaysFinite(InstructionSet set)
    {
        using var compute = new ComputeContext(_team, set);
        float[] x = [1000f, 1001f, 999f, float.NegativeInfinity, -3e38f];
        fixed (float* p = x)
        {
            compute.Softmax(p, x.Length);
        }

        x[1].ShouldBe(0.66524f, 1e-5f);
        x[3].ShouldBe(0f);
        x[4].ShouldBe(0f);
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void LogSumExpAndArgMax_OfAVocabulary_MatchDoublePrecision(InstructionSet set)
    {
        using var compute = new ComputeContext(_team, set);
        foreach (int size in s_sizes.Where(s => s > 0).Append(49_152))
        {
            float[] x = [.. RandomValues.Normal(size, 9).Select(v => (v * 4) + 60)];
            double largest = x.Max();
            fixed (float* p = x)
            {
                compute.LogSumExp(p, size).ShouldBe(largest + Math.Log(x.Sum(v => Math.Exp(v - largest))), 1e-6);
                compute.ArgMax(p, size).ShouldBe(Array.IndexOf(x, x.Max()));
            }
        }

        float[] equal = [1, 7, 7, 3];
        fixed (float* p = equal)
        {
            compute.ArgMax(p, 4).ShouldBe(1);
            compute.ArgMax(p, 0).ShouldBe(0);
            compute.LogSumExp(p, 0).ShouldBe(double.NegativeInfinity);
        }
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void Exponential_OverItsWholeRange_IsWithinTwoUlp(InstructionSet set)
    {
        VectorKernels kernels = VectorKernels.Get(set);
        float[] x = [.. Enumerable.Range(0, 20_000).Select(i => (float)(-87.3 + (i * 175.6 / 20_000)))];
        float[] y = [.. x];
        fixed (float* p = y)
        {
            kernels.ExpShifted(p, 0f, y.Length);
        }

        for (int i = 0; i < x.Length; i++)
        {
            double expected = Math.Exp(x[i]);
            double ulp = (double)MathF.BitIncrement((float)expected) - (float)expected;
            Math.Abs(y[i] - expected).ShouldBeLessThanOrEqualTo(2 * ulp, $"exp({x[i]})");
        }

        float[] edges = [float.NegativeInfinity, -1000f, -88f, 0f, float.NaN, 89f, 1e30f];
        fixed (float* p = edges)
        {
            kernels.ExpShifted(p, 0f, edges.Length);
        }

        edges.ShouldBe([0f, 0f, 0f, 1f, float.NaN, float.PositiveInfinity, float.PositiveInfinity]);
    }

    private delegate void Binary(float* x, float* y, int size);

    private static void Check(ComputeContext compute, int size, Binary run, Func<float, float, double> expected)
    {
        float[] x = RandomValues.Normal(size + 1, 1);
        float[] y = RandomValues.Normal(size + 1, 2);
        float[] before = [.. y];
        fixed (float* px = x, py = y)
        {
            run(px, py, size);
        }

        y[size].ShouldBe(before[size], compute.InstructionSet.ToString());
        for (int k = 0; k < size; k++)
        {
            ((double)y[k]).ShouldBe(expected(x[k], before[k]), 1.2e-7 * ((2 * Math.Abs(x[k])) + Math.Abs(before[k]) + Math.Abs(x[k] * before[k])));
        }
    }
}
