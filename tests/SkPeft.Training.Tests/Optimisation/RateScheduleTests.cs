using SkPeft.Training.Optimisation;

namespace SkPeft.Training.Tests.Optimisation;

public sealed class RateScheduleTests
{
    [Fact]
    public void A_line_without_warm_up_is_1_minus_the_share_done() =>
        Enumerable.Range(0, 20).Select(k => new RateSchedule(RateShape.Linear, 0, 20).At(k)).ShouldBe(Enumerable.Range(0, 20).Select(k => 1 - (k / 20.0)));

    [Fact]
    public void Warm_up_rises_from_0_and_meets_the_full_rate() =>
        Enumerable.Range(0, 5).Select(k => new RateSchedule(RateShape.Constant, 4, 20).At(k)).ShouldBe([0, 0.25, 0.5, 0.75, 1]);

    [Fact]
    public void A_line_behind_a_warm_up_ends_at_0()
    {
        RateSchedule schedule = new(RateShape.Linear, 10, 30);

        schedule.At(10).ShouldBe(1);
        schedule.At(20).ShouldBe(0.5);
        schedule.At(30).ShouldBe(0);
        schedule.At(40).ShouldBe(0);
    }

    [Fact]
    public void A_cosine_is_half_way_down_in_the_middle()
    {
        RateSchedule schedule = new(RateShape.Cosine, 0, 8);

        schedule.At(0).ShouldBe(1);
        schedule.At(2).ShouldBe(0.5 + (Math.Sqrt(2) / 4), 1e-12);
        schedule.At(4).ShouldBe(0.5, 1e-12);
        schedule.At(8).ShouldBe(0, 1e-12);
    }

    [Fact]
    public void Nothing_but_warm_up_is_no_division_by_0() => new RateSchedule(RateShape.Cosine, 5, 5).At(4).ShouldBe(0.8);
}
