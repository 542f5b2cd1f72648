namespace SkPeft.Tensors.Tests.Kernels;

/// <summary>Gradients by central differences of a function in double precision.</summary>
internal static class Differences
{
    private const double Step = 1e-5;

    /// <summary>d loss / d values, one value after the other; the values are restored.</summary>
    public static double[] Gradient(double[] values, Func<double> loss)
    {
        var gradient = new double[values.Length];
        for (int i = 0; i < values.Length; i++)
        {
            double kept = values[i];
            values[i] = kept + Step;
            double above = loss();
            values[i] = kept - Step;
            gradient[i] = (above - loss()) / (2 * Step);
            values[i] = kept;
        }

        return gradient;
    }

    public static double[] Doubles(IEnumerable<float> values) => [.. values.Select(v => (double)v)];

    /// <summary>‖found − expected‖ is at most <paramref name="tolerance"/> · ‖expected‖.</summary>
    public static void ShouldAgree(IEnumerable<float> found, double[] expected, double tolerance, string what)
    {
        double[] values = Doubles(found);
        values.Length.ShouldBe(expected.Length, what);
        double difference = Math.Sqrt(values.Zip(expected, (a, b) => (a - b) * (a - b)).Sum());
        double size = Math.Sqrt(expected.Sum(v => v * v));
        difference.ShouldBeLessThanOrEqualTo((tolerance * size) + 1e-9, $"{what}: ‖difference‖ {difference}, ‖expected‖ {size}");
    }
}
