using SkPeft.Peft.Lora;
using SkPeft.Tensors;
using SkPeft.Tensors.Ops;

namespace SkPeft.PeftPlugins.Tests.Lora;

/// <summary>The lengths of rows of W + s·B A, formed without it, against its own.</summary>
public sealed class LowRankLengthsTests
{
    private readonly Random _random = new(5);

    [Theory]
    [InlineData(0f)]
    [InlineData(0.3f)]
    [InlineData(-2.5f)]
    public void OfRows_AnyFactors_AreThoseOfTheMergedWeight(float scale)
    {
        Tensor weight = StartValues.Normal(_random, 0.2f, 70, 90), a = StartValues.Normal(_random, 0.3f, 5, 90), b = StartValues.Normal(_random, 0.5f, 70, 5);

        Tensor lengths = LowRankLengths.OfRows(weight, a, b, scale);

        Tensor expected = weight.Add(b.MatMul(a).Scale(scale)).RowNorms();
        lengths.Shape.ToArray().ShouldBe([70, 1]);
        for (int i = 0; i < 70; i++)
        {
            lengths.Data[i].ShouldBe(expected.Data[i], 1e-5f * expected.Data[i]);
        }
    }

    [Fact]
    public void OfRows_AWeightThatIsTakenAwayWhole_AreNumbersNearNothing()
    {
        Tensor a = StartValues.Normal(_random, 0.3f, 4, 60), b = StartValues.Normal(_random, 0.5f, 50, 4);
        Tensor weight = b.MatMul(a);

        Tensor lengths = LowRankLengths.OfRows(weight, a, b, -1);

        // The squares cancel to a rounding of the sum of squares, about 1e-7 of it; its root is 3e-4 of the length.
        Tensor full = weight.RowNorms();
        for (int i = 0; i < 50; i++)
        {
            lengths.Data[i].ShouldBeInRange(0, 1e-3f * full.Data[i]);
        }
    }
}
