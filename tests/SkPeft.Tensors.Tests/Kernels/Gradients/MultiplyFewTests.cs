using SkPeft.Tensors.Kernels;
using SkPeft.Tensors.Threading;

namespace SkPeft.Tensors.Tests.Kernels;

/// <summary>y = scale · x·Wᵀ, for any number of workers and at every place of a row the same bits.</summary>
public sealed unsafe class MultiplyFewTests
{
    [Fact]
    public void MultiplyFew_LongSums_RoundLessThanTheGeneralProduct()
    {
        const int n = 64, outputs = 8, size = 576;
        float[] x = RandomValues.Normal(n * size, 1), w = RandomValues.Normal(outputs * size, 2), few = new float[n * outputs], general = new float[n * outputs];
        using WorkerTeam team = new(1);
        using ComputeContext compute = new(team);
        fixed (float* px = x, pw = w, pf = few, pg = general)
        {
            compute.MultiplyFew(n, outputs, size, px, size, pw, 1, pf);
            compute.Gemm(n, outputs, size, px, size, false, pw, size, true, pg, outputs, false);
        }

        double ofFew = 0, ofGeneral = 0;
        for (int i = 0; i < few.Length; i++)
        {
            double sum = Enumerable.Range(0, size).Sum(k => (double)x[(i / outputs * size) + k] * w[(i % outputs * size) + k]);
            (ofFew, ofGeneral) = (ofFew + Math.Pow(few[i] - sum, 2), ofGeneral + Math.Pow(general[i] - sum, 2));
        }

        Math.Sqrt(ofFew).ShouldBeLessThan(0.5 * Math.Sqrt(ofGeneral));
    }

    public static TheoryData<int, int, int> Shapes => new()
    {
        { 1, 1, 1 }, { 3, 2, 15 }, { 4, 4, 16 }, { 5, 5, 17 }, { 7, 3, 33 }, { 9, 16, 100 }, { 37, 8, 576 }, { 0, 4, 8 },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void MultiplyFew_AnyShapeAndWorkers_IsTheSum(int n, int outputs, int size)
    {
        const float scale = 1.75f;
        int stride = size + 3;
        float[] x = RandomValues.Normal((n + 1) * stride, 1), w = RandomValues.Normal(outputs * size, 2);

        float[] one = Run(1), three = Run(3);

        three.ShouldBe(one);
        one[^1].ShouldBe(-7);
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < outputs; j++)
            {
                double sum = 0, terms = 0;
                for (int k = 0; k < size; k++)
                {
                    double term = (double)x[(i * stride) + k] * w[(j * size) + k];
                    (sum, terms) = (sum + term, terms + Math.Abs(term));
                }

                ((double)one[(i * outputs) + j]).ShouldBe(sum * scale, 1e-7 * terms * scale, $"row {i}, output {j}");
            }
        }

        float[] Run(int workers)
        {
            using WorkerTeam team = new(workers);
            using ComputeContext compute = new(team);
            float[] y = new float[(n * outputs) + 1];
            y[^1] = -7;
            fixed (float* px = x, pw = w, py = y)
            {
                compute.MultiplyFew(n, outputs, size, px, stride, pw, scale, py);
            }

            return y;
        }
    }
}
