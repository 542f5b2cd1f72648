using SkPeft.Tensors.Torch;

namespace SkPeft.Tensors.Tests.Torch;

public sealed class TorchGeneratorTests
{
    [Fact]
    public void Next_SeedOfTheStandard_GivesTheTenThousandthValueOfTheStandard()
    {
        // ISO C++, [rand.predef]: the 10000th value of a default-constructed mt19937 (seed 5489) is 4123659995.
        MersenneTwister bits = new(5489);
        uint value = 0;
        for (int i = 0; i < 10000; i++)
        {
            value = bits.Next();
        }

        value.ShouldBe(4123659995u);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(97)]
    public void FirstOfPermutation_AllOfIt_IsWhatSwappingInAnArrayGives(int size)
    {
        MersenneTwister bits = new(11);
        long[] array = [.. Enumerable.Range(0, size).Select(i => (long)i)];
        for (int i = 0; i < size - 1; i++)
        {
            int other = i + (int)(bits.Next() % (size - i));
            (array[i], array[other]) = (array[other], array[i]);
        }

        new TorchGenerator(11).FirstOfPermutation(size, size).ShouldBe(array);
        new TorchGenerator(11).FirstOfPermutation(size, size / 2).ShouldBe(array[..(size / 2)]);
    }

    [Fact]
    public void FirstOfPermutation_TooLarge_IsRefused() =>
        Should.Throw<ArgumentOutOfRangeException>(() => new TorchGenerator(1).FirstOfPermutation(TorchGenerator.PermutationLimit, 1));

    [Fact]
    public void Uniform_StaysBetweenItsEnds_AndFillsThem()
    {
        float[] values = new TorchGenerator(3).Uniform(-2, 0.5f, 10000).Data.ToArray();
        values.ShouldAllBe(v => v >= -2 && v < 0.5f);
        values.Average().ShouldBe(-0.75f, 0.03f);
        values.Distinct().Count().ShouldBeGreaterThan(9900);
    }

    [Fact]
    public void UniformBFloat16_HasValuesOfThatType_AndNeverItsUpperEnd()
    {
        float[] values = new TorchGenerator(3).UniformBFloat16(-0.5f, 0.5f, 20000).Data.ToArray();
        values.ShouldAllBe(v => TorchGenerator.ToBFloat16(v) == v && v >= -0.5f && v < 0.5f);

        // One value in 1024 rounds to the upper end: those are at the lower one, beside as many of its own.
        values.Count(v => v == -0.5f).ShouldBeInRange(20, 60);
    }

    [Fact]
    public void ToBFloat16_RoundsToTheNearest_TiesToEven() =>
        new[] { 1f, 1.0039062f, 1.0058594f, 1.0117188f, -3.1415927f }.Select(TorchGenerator.ToBFloat16).ShouldBe([1f, 1f, 1.0078125f, 1.015625f, -3.140625f]);
}
