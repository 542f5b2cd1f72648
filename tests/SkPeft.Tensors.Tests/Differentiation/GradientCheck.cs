using SkPeft.Tensors.Differentiation;
using SkPeft.Tensors.Tests.Ops;

namespace SkPeft.Tensors.Tests.Differentiation;

/// <summary>Checks a value against its reference, and every gradient against central differences of the reference.</summary>
internal static class GradientCheck
{
    private const double Step = 1e-5;

    public static void Run(GradientCase test)
    {
        Numbers[] inputs = [.. test.Inputs.Select(Numbers.Of)];
        Tensor[] parameters = [.. test.Inputs.Select(StartValues.Parameter)];
        Tensor y = test.Run(parameters);
        Numbers expected = test.Reference(inputs);
        y.Shape.ToArray().ShouldBe(expected.Shape);
        ShouldBeClose(y, expected.Values, test.Tolerance, "the value");
        y.NeedsGradient.ShouldBeTrue();
        test.Run(test.Inputs).NeedsGradient.ShouldBeFalse();

        Tensor seed = Plain.Random(99, expected.Shape);
        Gradients gradients = Gradients.Of(y, seed);
        for (int i = 0; i < inputs.Length; i++)
        {
            Tensor gradient = gradients[parameters[i]].ShouldNotBeNull($"input {i}");
            gradient.Shape.ToArray().ShouldBe(inputs[i].Shape);
            ShouldBeClose(gradient, Differences(test.Reference, inputs, i, seed), test.Tolerance, $"the gradient of input {i}");
            ShouldBeTheSameAlone(test, i, seed, gradient);
        }

        ShouldBeTheSameInUsedMemory(test, seed, [.. parameters.Select(p => gradients[p]!)]);
    }

    // Rented memory holds what was there before: an operation that does not overwrite all of it passes on NaN.
    private static void ShouldBeTheSameInUsedMemory(GradientCase test, Tensor seed, Tensor[] expected)
    {
        StepMemory memory = new(smallest: 1);
        memory.Rent(1 << 18).Data.Fill(float.NaN);

        memory.Recycle();
        using ResultScope scope = new(memory);
        Tensor[] inputs = [.. test.Inputs.Select(StartValues.Parameter)];
        Gradients gradients = Gradients.Of(test.Run(inputs), seed, memory);
        for (int i = 0; i < inputs.Length; i++)
        {
            gradients[inputs[i]]!.Data.ToArray().ShouldBe(expected[i].Data.ToArray());
        }
    }

    // With all other inputs constant: no gradient may depend on another being wanted, and constants get none.
    private static void ShouldBeTheSameAlone(GradientCase test, int wanted, Tensor seed, Tensor expected)
    {
        Tensor[] inputs = [.. test.Inputs.Select((x, i) => i == wanted ? StartValues.Parameter(x) : x)];
        Gradients gradients = Gradients.Of(test.Run(inputs), seed);
        gradients[inputs[wanted]].ShouldNotBeNull().Data.ToArray().ShouldBe(expected.Data.ToArray());
        inputs.Count(x => gradients[x] is not null).ShouldBe(1);
    }

    private static double[] Differences(Func<Numbers[], Numbers> reference, Numbers[] inputs, int input, Tensor seed)
    {
        double[] values = inputs[input].Values;
        double[] gradient = new double[values.Length];
        for (int e = 0; e < values.Length; e++)
        {
            double value = values[e];
            values[e] = value + Step;
            double[] above = reference(inputs).Values;
            values[e] = value - Step;
            double[] below = reference(inputs).Values;
            values[e] = value;
            gradient[e] = Numbers.Sum(above.Length, j => seed.Data[j] * (above[j] - below[j])) / (2 * Step);
        }

        return gradient;
    }

    // Relative to the element and to its tensor's typical element: an element may be a small difference of large terms.
    private static void ShouldBeClose(Tensor actual, double[] expected, double tolerance, string what)
    {
        double typical = expected.Length == 0 ? 0 : Math.Sqrt(expected.Average(v => v * v));
        for (int i = 0; i < expected.Length; i++)
        {
            ((double)actual.Data[i]).ShouldBe(expected[i], tolerance * (Math.Abs(expected[i]) + typical + 1e-3), $"{what}, element {i} of {actual.ShapeText}");
        }
    }
}
