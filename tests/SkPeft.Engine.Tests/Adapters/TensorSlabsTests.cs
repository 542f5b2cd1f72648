using SkPeft.Engine.Adapters;

namespace SkPeft.Engine.Tests.Adapters;

public sealed class TensorSlabsTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(10_000)]
    [InlineData(5 * ((8 * 576 * 2) + (700 * 512) + (1 << 18) + (513 * 511) + 5))]
    public void Take_TensorsOfAllSizes_DoNotTouchEachOther(long elements)
    {
        TensorSlabs slabs = new(elements, new SlabReserve());
        int[][] shapes = [[3], [8, 576], [0, 4], [], [700, 512], [576, 8], [1 << 18], [513, 511], [1]];
        Tensor[] tensors = [.. Enumerable.Repeat(shapes, 5).SelectMany(s => s).Select(s => slabs.Take(s))];
        for (int i = 0; i < tensors.Length; i++)
        {
            tensors[i].Data.Fill(i);
        }

        for (int i = 0; i < tensors.Length; i++)
        {
            tensors[i].Shape.ToArray().ShouldBe(shapes[i % shapes.Length]);
            tensors[i].Data.ContainsAnyExcept(i).ShouldBeFalse($"tensor {i}");
        }
    }

    [Fact]
    public void Take_SmallTensorsOfManySlabs_AndMoreThanPromised_DoNotTouchEachOther()
    {
        TensorSlabs slabs = new(400 * 64 * 128, new SlabReserve());
        Tensor[] tensors = [.. Enumerable.Range(0, 500).Select(_ => slabs.Take(64, 128))];
        for (int i = 0; i < tensors.Length; i++)
        {
            tensors[i].Data.Fill(i);
        }

        tensors.Select((t, i) => (t, i)).Where(p => p.t.Data.ContainsAnyExcept(p.i)).Select(p => p.i).ShouldBeEmpty();
    }

    [Fact]
    public void Take_FewElements_HoldsNoMoreThanThose()
    {
        TensorSlabs slabs = new(100 + 20, new SlabReserve());

        long before = GC.GetAllocatedBytesForCurrentThread();
        slabs.Take(10, 10).Length.ShouldBe(100);
        slabs.Take(20).Length.ShouldBe(20);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(100_000);
    }
}
