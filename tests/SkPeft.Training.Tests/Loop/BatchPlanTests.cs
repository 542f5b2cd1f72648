using SkPeft.Training.Loop;

namespace SkPeft.Training.Tests.Loop;

public sealed class BatchPlanTests
{
    [Fact]
    public void In_file_order_step_k_uses_the_next_lines_and_begins_again_when_they_run_out()
    {
        BatchPlan plan = new(Lengths(7), new LoopSettings { Batch = 3, Steps = 9 }, 0);

        plan.At(0).ShouldBe([0, 1, 2]);
        plan.At(1).ShouldBe([3, 4, 5]);
        plan.At(2).ShouldBe([6, 0, 1]);
        plan.At(3).ShouldBe([2, 3, 4]);
    }

    [Theory]
    [InlineData(1.0, 4)]
    [InlineData(2.0, 7)]
    [InlineData(0.1, 1)]
    public void Epochs_become_steps(double epochs, int steps) => new BatchPlan(Lengths(10), new LoopSettings { Batch = 3, Epochs = epochs }, 0).Steps.ShouldBe(steps);

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void A_shuffle_uses_every_line_once_an_epoch_whatever_step_is_asked_for_first(int bucket)
    {
        LoopSettings settings = new() { Batch = 4, Steps = 30, Order = LineOrder.Shuffle, Bucket = bucket };
        BatchPlan plan = new(Lengths(23), settings, 5);
        int[] all = [.. Enumerable.Range(0, 30).SelectMany(plan.At)];

        for (int epoch = 0; epoch < 5; epoch++)
        {
            all.Skip(epoch * 23).Take(23).Order().ShouldBe(Enumerable.Range(0, 23));
        }

        all.Take(23).ShouldNotBe(all.Skip(23).Take(23));
        new BatchPlan(Lengths(23), settings, 5).At(17).ShouldBe(plan.At(17));
        new BatchPlan(Lengths(23), settings, 6).At(0).ShouldNotBe(plan.At(0));
    }

    [Fact]
    public void Buckets_put_lines_of_like_length_into_one_batch()
    {
        int[] lengths = [.. Enumerable.Range(0, 64).Select(i => (i * 37) % 64)];
        double Spread(int bucket)
        {
            BatchPlan plan = new(lengths, new LoopSettings { Batch = 8, Order = LineOrder.Shuffle, Bucket = bucket }, 1);
            return Enumerable.Range(0, 8).Average(k => plan.At(k).Max(i => lengths[i]) - plan.At(k).Min(i => lengths[i]));
        }

        Spread(8).ShouldBe(7);
        Spread(0).ShouldBeGreaterThan(30);
    }

    private static int[] Lengths(int count) => [.. Enumerable.Range(0, count)];
}
