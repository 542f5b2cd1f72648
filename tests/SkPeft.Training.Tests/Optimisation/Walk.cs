using SkPeft.Tensors;
using SkPeft.Training.Optimisation;

namespace SkPeft.Training.Tests.Optimisation;

/// <summary>A few steps of an optimiser with gradients from a seed, and the same in plain double arithmetic.</summary>
internal static class Walk
{
    public const int Steps = 7;

    public static TrainingParameter Parameter(params ReadOnlySpan<int> shape) =>
        new("p", StartValues.Parameter(StartValues.Normal(new Random(3), 1, shape)));

    /// <summary>Gradients of one step; of very different sizes.</summary>
    public static float[] Gradient(int step, int length)
    {
        Random random = new(100 + step);
        return [.. Enumerable.Range(0, length).Select(i => (float)((random.NextDouble() - 0.4) * Math.Pow(10, (i % 5) - 3)))];
    }

    public static float[] Run(Optimiser optimiser, TrainingParameter parameter, double rate, double decay, int from = 0, int to = Steps)
    {
        for (int step = from; step < to; step++)
        {
            optimiser.Step(parameter, Gradient(step, parameter.Value.Length), rate, decay);
        }

        return parameter.Value.Data.ToArray();
    }

    public static void ShouldBeNear(float[] found, double[] expected, double tolerance = 2e-5)
    {
        found.Length.ShouldBe(expected.Length);
        for (int i = 0; i < found.Length; i++)
        {
            ((double)found[i]).ShouldBe(expected[i], tolerance * Math.Max(1, Math.Abs(expected[i])), $"element {i}");
        }
    }
}
