using SkPeft.Host.Training;

namespace SkPeft.Host.Tests;

public sealed class SparklineTests
{
    [Fact]
    public void The_lowest_value_is_the_lowest_bar_and_the_highest_the_highest() => Sparkline.Of([1, 2, 3, 8], 10).ShouldBe("▁▂▃█");

    [Fact]
    public void More_values_than_columns_are_averaged() => Sparkline.Of([0, 0, 4, 4, 8, 8], 3).ShouldBe("▁▅█");

    [Fact]
    public void Equal_values_are_a_flat_line_and_none_are_nothing()
    {
        Sparkline.Of([5, 5, 5], 10).ShouldBe("▁▁▁");
        Sparkline.Of([], 10).ShouldBe("");
    }
}
