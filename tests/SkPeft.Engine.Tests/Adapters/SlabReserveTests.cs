using SkPeft.Engine.Adapters;

namespace SkPeft.Engine.Tests.Adapters;

public sealed class SlabReserveTests
{
    private const long Slab = TensorSlabs.SlabLength * sizeof(float);

    private readonly SlabReserve _reserve = new();

    [Fact]
    public async Task Take_KeepsAsManyForTheNextCaller_AndNoMoreThanTheLastOneTook()
    {
        _reserve.Take(3).ShouldBeEmpty("nothing is made before somebody needs it");
        await KeepsAsync(3 * Slab);

        float[][] taken = [.. _reserve.Take(5)];
        taken.Length.ShouldBe(3);
        taken.ShouldAllBe(a => a.Length == TensorSlabs.SlabLength);
        taken.ShouldBeUnique();
        await KeepsAsync(5 * Slab);

        _reserve.Take(1).Count.ShouldBe(1);
        await KeepsAsync(Slab);
    }

    [Fact]
    public async Task Take_OfNone_ChangesNothing()
    {
        _reserve.Take(2);
        await KeepsAsync(2 * Slab);

        _reserve.Take(0).ShouldBeEmpty();
        _reserve.Bytes.ShouldBe(2 * Slab);
    }

    [Fact]
    public async Task Take_OfVeryMany_KeepsAFewOfThem()
    {
        _reserve.Take(1000).ShouldBeEmpty();
        await KeepsAsync(16 * Slab);
    }

    private async Task KeepsAsync(long bytes)
    {
        using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromMinutes(1));
        while (_reserve.Bytes != bytes)
        {
            patience.IsCancellationRequested.ShouldBeFalse($"{_reserve.Bytes} bytes are kept, not {bytes}");
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }
}
