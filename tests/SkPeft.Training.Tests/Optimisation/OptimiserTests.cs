using SkPeft.Training.Optimisation;

namespace SkPeft.Training.Tests.Optimisation;

/// <summary>The rules against their papers' formulas in double precision, element by element.</summary>
public sealed class OptimiserTests
{
    // Longer than a piece of the vectorised loop, and no multiple of anything.
    private const int Length = 4099;

    [Fact]
    public void AdamW_follows_its_formulas()
    {
        TrainingParameter parameter = Walk.Parameter(Length);
        double[] x = [.. parameter.Value.Data.ToArray().Select(v => (double)v)], m = new double[Length], v = new double[Length];
        for (int t = 1; t <= Walk.Steps; t++)
        {
            float[] g = Walk.Gradient(t - 1, Length);
            for (int i = 0; i < Length; i++)
            {
                x[i] -= 0.01 * 0.1 * x[i];
                m[i] = (0.8 * m[i]) + (0.2 * g[i]);
                v[i] = (0.99 * v[i]) + (0.01 * g[i] * g[i]);
                x[i] -= 0.01 * (m[i] / (1 - Math.Pow(0.8, t))) / (Math.Sqrt(v[i] / (1 - Math.Pow(0.99, t))) + 1e-6);
            }
        }

        Walk.ShouldBeNear(Walk.Run(new AdamW(0.8, 0.99, 1e-6), parameter, 0.01, 0.1), x);
    }

    [Theory]
    [InlineData("adamw")]
    [InlineData("adafactor")]
    [InlineData("sgd")]
    public void A_step_takes_no_new_memory_of_the_parameters_size(string rule)
    {
        Optimiser optimiser = rule switch { "adamw" => new AdamW(), "adafactor" => new Adafactor(), _ => new Sgd(0.9) };
        TrainingParameter parameter = Walk.Parameter(300, 400);
        float[] gradient = Walk.Gradient(0, parameter.Value.Length);
        optimiser.Step(parameter, gradient, 0.01, 0.1);

        long before = GC.GetAllocatedBytesForCurrentThread();
        optimiser.Step(parameter, gradient, 0.01, 0.1);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(parameter.Value.Length);
    }

    [Fact]
    public void AdamW_moves_by_the_rate_at_first_however_small_the_gradient()
    {
        TrainingParameter parameter = Walk.Parameter(3);
        float[] before = parameter.Value.Data.ToArray();

        new AdamW().Step(parameter, [1e-4f, -3f, 0], 0.5, 0);

        Walk.ShouldBeNear(parameter.Value.Data.ToArray(), [before[0] - 0.5, before[1] + 0.5, before[2]], 1e-4);
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(0.9, false)]
    [InlineData(0.9, true)]
    public void Sgd_follows_its_formulas(double momentum, bool nesterov)
    {
        TrainingParameter parameter = Walk.Parameter(Length);
        double[] x = [.. parameter.Value.Data.ToArray().Select(v => (double)v)], velocity = new double[Length];
        for (int t = 0; t < Walk.Steps; t++)
        {
            float[] g = Walk.Gradient(t, Length);
            for (int i = 0; i < Length; i++)
            {
                double slope = g[i] + (0.1 * x[i]);
                velocity[i] = t == 0 ? slope : (momentum * velocity[i]) + slope;
                x[i] -= 0.01 * (momentum == 0 ? slope : nesterov ? slope + (momentum * velocity[i]) : velocity[i]);
            }
        }

        Walk.ShouldBeNear(Walk.Run(new Sgd(momentum, nesterov), parameter, 0.01, 0.1), x);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void Adafactor_of_a_matrix_keeps_means_of_rows_and_columns(bool scaled, bool relative)
    {
        const int matrices = 2, rows = 5, columns = 37;
        TrainingParameter parameter = Walk.Parameter(matrices, rows, columns);
        double[] x = [.. parameter.Value.Data.ToArray().Select(v => (double)v)], r = new double[matrices * rows], c = new double[matrices * columns];
        for (int t = 1; t <= Walk.Steps; t++)
        {
            float[] g = Walk.Gradient(t - 1, x.Length);
            double kept = 1 - Math.Pow(t, -0.8), rate = relative ? Math.Min(0.3, 1 / Math.Sqrt(t)) : 0.3;
            rate *= scaled ? Math.Max(1e-3, Math.Sqrt(x.Average(e => e * e))) : 1;
            double Square(int m, int i, int j) => Math.Pow(g[(((m * rows) + i) * columns) + j], 2) + 1e-30;
            double[] u = new double[x.Length];
            for (int m = 0; m < matrices; m++)
            {
                for (int i = 0; i < rows; i++)
                {
                    r[(m * rows) + i] = (kept * r[(m * rows) + i]) + ((1 - kept) * Enumerable.Range(0, columns).Average(j => Square(m, i, j)));
                }

                for (int j = 0; j < columns; j++)
                {
                    c[(m * columns) + j] = (kept * c[(m * columns) + j]) + ((1 - kept) * Enumerable.Range(0, rows).Average(i => Square(m, i, j)));
                }

                double mean = r.Skip(m * rows).Take(rows).Average();
                for (int at = 0; at < rows * columns; at++)
                {
                    u[(m * rows * columns) + at] = g[(m * rows * columns) + at] / Math.Sqrt(r[(m * rows) + (at / columns)] / mean * c[(m * columns) + (at % columns)]);
                }
            }

            double size = Math.Max(1, Math.Sqrt(u.Average(e => e * e)));
            x = [.. x.Select((e, i) => (e * (1 - (rate * 1e-2))) - (rate * u[i] / size))];
        }

        Walk.ShouldBeNear(Walk.Run(new Adafactor(scaleParameter: scaled, relativeStep: relative), parameter, 0.3, 1e-2), x, 1e-4);
    }

    [Fact]
    public void Adafactor_of_a_vector_keeps_every_mean()
    {
        TrainingParameter parameter = Walk.Parameter(Length);
        double[] x = [.. parameter.Value.Data.ToArray().Select(v => (double)v)], v = new double[Length];
        for (int t = 1; t <= Walk.Steps; t++)
        {
            double kept = 1 - Math.Pow(t, -0.8);
            float[] g = Walk.Gradient(t - 1, Length);
            v = [.. v.Select((e, i) => (kept * e) + ((1 - kept) * (((double)g[i] * g[i]) + 1e-30)))];
            double[] u = [.. g.Select((e, i) => e / Math.Sqrt(v[i]))];
            double size = Math.Max(1, Math.Sqrt(u.Average(e => e * e)));
            x = [.. x.Select((e, i) => e - (0.3 * u[i] / size))];
        }

        Walk.ShouldBeNear(Walk.Run(new Adafactor(), parameter, 0.3, 0), x, 1e-4);
    }

    [Theory]
    [InlineData("adamw")]
    [InlineData("adafactor")]
    [InlineData("sgd")]
    public void What_was_saved_goes_on_with_the_same_bits(string name)
    {
        Optimiser Create() => name switch { "adamw" => new AdamW(), "adafactor" => new Adafactor(), _ => new Sgd(0.9) };
        float[] straight = Walk.Run(Create(), Walk.Parameter(3, 41), 0.01, 0.1);
        TrainingParameter parameter = Walk.Parameter(3, 41);
        Optimiser first = Create(), second = Create();
        Walk.Run(first, parameter, 0.01, 0.1, 0, 3);

        second.Restore(first.State);

        Walk.Run(second, parameter, 0.01, 0.1, 3).ShouldBe(straight);
    }
}
