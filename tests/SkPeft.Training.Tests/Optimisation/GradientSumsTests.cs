using SkPeft.Tensors;
using SkPeft.Tensors.Differentiation;
using SkPeft.Training.Optimisation;

namespace SkPeft.Training.Tests.Optimisation;

public sealed class GradientSumsTests
{
    private readonly TrainingParameter _a = Named("a", 3), _b = Named("b", 4);

    [Fact]
    public void Parts_of_a_step_are_added_and_a_parameter_that_took_no_part_has_no_gradient()
    {
        GradientSums sums = new([_a, _b]);

        sums.Add(Of((_a, [1, 2, 2])));
        sums.Add(Of((_a, [1, 0, 1])));

        sums[_a]!.Data.ToArray().ShouldBe([2, 2, 3]);
        sums[_b].ShouldBeNull();
        sums.Clear();
        sums[_a].ShouldBeNull();
    }

    [Fact]
    public void Clipping_shortens_all_gradients_by_one_factor()
    {
        GradientSums sums = new([_a, _b]);
        sums.Add(Of((_a, [2, 0, 0]), (_b, [0, 1, 2, 0])));
        sums.Norm().ShouldBe(3);

        sums.Clip(1.5, sums.Norm());

        sums.Norm().ShouldBe(1.5, 1e-5);
        sums[_a]!.Data[0].ShouldBe(1, 1e-5);
        sums[_b]!.Data[2].ShouldBe(1, 1e-5);
    }

    [Fact]
    public void Short_gradients_are_left_as_they_are()
    {
        GradientSums sums = new([_a]);
        sums.Add(Of((_a, [0.1f, 0.2f, 0.3f])));

        sums.Clip(1, sums.Norm());

        sums[_a]!.Data.ToArray().ShouldBe([0.1f, 0.2f, 0.3f]);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void What_is_not_finite_is_found_by_the_name_of_its_parameter(float broken)
    {
        GradientSums sums = new([_a, _b]);
        sums.Add(Of((_a, [1e30f, 0, 0]), (_b, [0, broken, 2, 0])));

        sums.FirstBroken().ShouldBe(_b);
    }

    [Fact]
    public void Large_numbers_are_not_broken()
    {
        GradientSums sums = new([_a]);
        sums.Add(Of((_a, [1e30f, -3e38f, 0])));

        sums.FirstBroken().ShouldBeNull();
    }

    // A loss whose derivative with respect to each parameter is the given one.
    private static Gradients Of(params (TrainingParameter Parameter, float[] Slope)[] parts)
    {
        Tensor value = new();
        Tensor loss = Operation.Record(value, (_, gradients) =>
        {
            foreach ((TrainingParameter parameter, float[] slope) in parts)
            {
                gradients.Add(parameter.Value, Tensor.From(slope, slope.Length));
            }
        }, [.. parts.Select(p => p.Parameter.Value)]);
        return Gradients.Of(loss);
    }

    private static TrainingParameter Named(string name, int length) => new(name, StartValues.Parameter(new Tensor(length)));
}
