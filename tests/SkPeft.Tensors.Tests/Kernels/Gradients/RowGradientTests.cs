using SkPeft.Tensors.Kernels;
using SkPeft.Tensors.Threading;

namespace SkPeft.Tensors.Tests.Kernels;

/// <summary>
/// Gradients of the row operations against central differences of a plain forward pass in double precision, within 1e-5 of the
/// norm (differences themselves are good to about 1e-9). What lies between the rows must stay untouched.
/// </summary>
public sealed unsafe class RowGradientTests : IDisposable
{
    private const double Tolerance = 1e-5;
    private static readonly int[] s_sizes = [1, 2, 15, 16, 17, 33, 47];
    private readonly WorkerTeam _team = new(2);

    public static TheoryData<InstructionSet> Sets => [.. InstructionSets.Supported];

    public void Dispose() => _team.Dispose();

    [Theory]
    [MemberData(nameof(Sets))]
    public void RmsNormGradient_AnySize_MatchesDifferences(InstructionSet set)
    {
        const int N = 5;
        const float Epsilon = 1e-2f;
        using var compute = new ComputeContext(_team, set);
        foreach (int size in s_sizes)
        {
            float[] x = RandomValues.Normal(N * size, 1);
            float[] weight = RandomValues.Normal(size, 2);
            float[] dy = RandomValues.Normal(N * size, 3);
            double[] xs = Differences.Doubles(x);
            double[] weights = Differences.Doubles(weight);
            double Loss() => Enumerable.Range(0, N).Sum(i =>
            {
                double factor = 1 / Math.Sqrt((Enumerable.Range(0, size).Sum(k => xs[(i * size) + k] * xs[(i * size) + k]) / size) + Epsilon);
                return Enumerable.Range(0, size).Sum(k => dy[(i * size) + k] * xs[(i * size) + k] * factor * weights[k]);
            });

            double[] expected = Differences.Gradient(xs, Loss);
            double[] expectedWeight = Differences.Gradient(weights, Loss);
            var wide = new Rows(N, size);
            foreach (bool accumulate in new[] { false, true })
            {
                float[] px = wide.Spread(x, 2), pdy = wide.Spread(dy, 1), dx = wide.Spread(x, 3), dw = [.. weight];
                fixed (float* fx = px, fw = weight, fdy = pdy, fdx = dx, fdw = dw)
                {
                    compute.RmsNormGradient(fx, size + 2, fw, Epsilon, fdy, size + 1, fdx, size + 3, accumulate, fdw, N, size);
                }

                double[] sum = [.. expected.Select((v, i) => accumulate ? v + x[i] : v)];
                Differences.ShouldAgree(wide.Gather(dx, 3), sum, Tolerance, $"dx of {size}");
                Differences.ShouldAgree(dw, [.. expectedWeight.Select((v, k) => v + weight[k])], Tolerance, $"dw of {size}");
            }

            // In place, and without the weight's gradient.
            float[] inPlace = [.. dy];
            fixed (float* fx = x, fw = weight, fdy = inPlace)
            {
                compute.RmsNormGradient(fx, size, fw, Epsilon, fdy, size, fdy, size, false, null, N, size);
            }

            Differences.ShouldAgree(inPlace, expected, Tolerance, $"dx in place of {size}");
        }
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void RopeGradient_AnyHeadDim_IsTheTransposeOfTheRotation(InstructionSet set)
    {
        using var compute = new ComputeContext(_team, set);
        foreach (int dim in new[] { 2, 6, 16, 30, 32, 64, 80 })
        {
            const int N = 7, Heads = 3;
            int size = Heads * dim;
            float[] dy = RandomValues.Normal(N * size, 5);
            double[] xs = Differences.Doubles(RandomValues.Normal(N * size, 6));
            int[] positions = [.. Enumerable.Range(0, N).Select(i => i * 5 % 7)];
            float[] cos = [.. Enumerable.Range(0, 7 * dim / 2).Select(i => (float)Math.Cos(i))];
            float[] sin = [.. Enumerable.Range(0, 7 * dim / 2).Select(i => (float)Math.Sin(i))];
            double Loss() => Enumerable.Range(0, N * Heads).Sum(head => Enumerable.Range(0, dim / 2).Sum(d =>
            {
                int at = (head * dim) + d;
                int angle = (positions[head / Heads] * dim / 2) + d;
                return (dy[at] * ((xs[at] * cos[angle]) - (xs[at + (dim / 2)] * sin[angle]))) +
                    (dy[at + (dim / 2)] * ((xs[at + (dim / 2)] * cos[angle]) + (xs[at] * sin[angle])));
            }));
            var wide = new Rows(N, size);
            float[] dx = wide.Spread(dy, 1);
            fixed (float* fdx = dx, fc = cos, fs = sin)
            fixed (int* fp = positions)
            {
                compute.RopeGradient(fdx, size + 1, N, Heads, dim, fc, fs, fp);
            }

            Differences.ShouldAgree(wide.Gather(dx, 1), Differences.Gradient(xs, Loss), Tolerance, $"head of {dim}");
        }
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void SwiGluGradient_AnySize_MatchesDifferences(InstructionSet set)
    {
        const int N = 3;
        using var compute = new ComputeContext(_team, set);
        foreach (int size in s_sizes)
        {
            float[] gate = [.. RandomValues.Normal(N * size, 1).Select(v => 3 * v)];
            float[] up = RandomValues.Normal(N * size, 2);
            float[] dy = RandomValues.Normal(N * size, 3);
            double[] gates = Differences.Doubles(gate);
            double[] ups = Differences.Doubles(up);
            double Loss() => Enumerable.Range(0, N * size).Sum(i => dy[i] * gates[i] / (1 + Math.Exp(-gates[i])) * ups[i]);
            double[] expectedGate = Differences.Gradient(gates, Loss);
            double[] expectedUp = Differences.Gradient(ups, Loss);
            var wide = new Rows(N, size);
            float[] pg = wide.Spread(gate, 1), pu = wide.Spread(up, 1), pdy = wide.Spread(dy, 2), dg = wide.Spread(dy, 3), du = wide.Spread(dy, 3);
            fixed (float* fg = pg, fu = pu, fdy = pdy, fdg = dg, fdu = du)
            {
                compute.SwiGluGradient(fg, fu, size + 1, fdy, size + 2, fdg, fdu, size + 3, N, size);
                Differences.ShouldAgree(wide.Gather(dg, 3), expectedGate, Tolerance, $"dgate of {size}");
                Differences.ShouldAgree(wide.Gather(du, 3), expectedUp, Tolerance, $"dup of {size}");
                compute.SwiGluGradient(fg, fu, size + 1, fdy, size + 2, fg, fu, size + 1, N, size);
            }

            Differences.ShouldAgree(wide.Gather(pg, 1), expectedGate, Tolerance, $"dgate in place of {size}");
            Differences.ShouldAgree(wide.Gather(pu, 1), expectedUp, Tolerance, $"dup in place of {size}");
        }
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void SwiGluGradient_ExtremeGates_StaysFinite(InstructionSet set)
    {
        using var compute = new ComputeContext(_team, set);
        float[] gate = [0f, 87f, -87f, 88.5f, -88.5f, 200f, -200f, 1e30f, -1e30f];
        float[] up = [.. gate.Select(_ => 2f)], dy = [.. gate.Select(_ => 3f)], dg = new float[9], du = new float[9];
        fixed (float* fg = gate, fu = up, fdy = dy, fdg = dg, fdu = du)
        {
            compute.SwiGluGradient(fg, fu, 9, fdy, 9, fdg, fdu, 9, 1, 9);
        }

        for (int i = 0; i < gate.Length; i++)
        {
            dg[i].ShouldBe(gate[i] == 0 ? 3f : gate[i] > 0 ? 6f : 0f, 1e-5f);
            du[i].ShouldBe(gate[i] > 0 ? 3f * gate[i] : 0f, (Math.Abs(gate[i]) * 1e-6f) + 1e-6f);
        }
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void CrossEntropy_AnyVocabulary_MatchesDoublePrecisionAndDifferences(InstructionSet set)
    {
        const int N = 4;
        using var compute = new ComputeContext(_team, set);
        foreach (int size in s_sizes.Append(2100))
        {
            float[] logits = [.. RandomValues.Normal(N * size, 1).Select(v => (4 * v) + 50)];
            int[] targets = [0, size / 2, size - 1, size / 3];
            float[] weights = [1f, 0.25f, 0f, -2f];
            double[] values = Differences.Doubles(logits);
            double RowLoss(int i) => Math.Log(Enumerable.Range(0, size).Sum(k => Math.Exp(values[(i * size) + k]))) - values[(i * size) + targets[i]];
            double[] losses = [.. Enumerable.Range(0, N).Select(RowLoss)];
            double[] expected = new double[N * size];
            for (int i = 0; i < N; i++)
            {
                for (int k = 0; k < size; k++)
                {
                    // The derivative, checked against differences below: 2100 values one by one would take long.
                    double chance = Math.Exp(values[(i * size) + k] - values[(i * size) + targets[i]] - losses[i]);
                    expected[(i * size) + k] = weights[i] * (chance - (k == targets[i] ? 1 : 0));
                }
            }

            if (size < 100)
            {
                double[] differences = Differences.Gradient(values, () => Enumerable.Range(0, N).Sum(i => weights[i] * RowLoss(i)));
                Differences.ShouldAgree(expected.Select(v => (float)v), differences, 1e-6, "the reference itself");
            }

            var wide = new Rows(N, size);
            float[] plain = wide.Spread(logits, 1), row = wide.Spread(logits, 1);
            float[] lossOnly = new float[N + 1], found = new float[N + 1];
            fixed (float* fl = plain, fr = row, fw = weights, flo = lossOnly, ff = found)
            fixed (int* ft = targets)
            {
                compute.CrossEntropy(fl, size + 1, N, size, ft, null, flo, gradient: false);
                compute.CrossEntropy(fr, size + 1, N, size, ft, fw, ff, gradient: true);
            }

            plain.ShouldBe(wide.Spread(logits, 1));
            for (int i = 0; i < N; i++)
            {
                ((double)lossOnly[i]).ShouldBe(losses[i], 2e-6 * Math.Max(1, losses[i]));
                ((double)found[i]).ShouldBe(losses[i], 2e-6 * Math.Max(1, losses[i]));
            }

            (lossOnly[N], found[N]).ShouldBe((0f, 0f));
            Differences.ShouldAgree(wide.Gather(row, 1), expected, Tolerance, $"vocabulary of {size}");
        }
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(3)]
    public void CrossEntropy_TargetOutsideTheVocabulary_IsRefused(int target)
    {
        using var compute = new ComputeContext(_team);
        float[] logits = [1, 2, 3, 4, 5, 6];
        Should.Throw<ArgumentOutOfRangeException>(() =>
        {
            int[] targets = [0, target];
            float[] losses = new float[2];
            fixed (float* fl = logits, ff = losses)
            fixed (int* ft = targets)
            {
                compute.CrossEntropy(fl, 3, 2, 3, ft, fl, ff, gradient: true);
            }
        }).ParamName.ShouldBe("targets");
        logits.ShouldBe([1, 2, 3, 4, 5, 6]);
    }

    /// <summary>Rows with a border between them, which must stay as it is.</summary>
    private sealed class Rows(int count, int size)
    {
        private const float Border = 77;

        public float[] Spread(float[] values, int border)
        {
            float[] wide = new float[count * (size + border)];
            Array.Fill(wide, Border);
            for (int i = 0; i < count; i++)
            {
                Array.Copy(values, i * size, wide, i * (size + border), size);
            }

            return wide;
        }

        public IEnumerable<float> Gather(float[] wide, int border)
        {
            var values = new List<float>();
            for (int i = 0; i < wide.Length; i++)
            {
                if (i % (size + border) < size)
                {
                    values.Add(wide[i]);
                }
                else
                {
                    wide[i].ShouldBe(Border);
                }
            }

            return values;
        }
    }
}
