using SkPeft.Engine.Adapters;

namespace SkPeft.Engine.Tests.Adapters;

public sealed class TensorSlabsTests
{
    [Fact]
    public void Take_TensorsOfAllSizes_DoNotTouchEachOther()
    {
        TensorSlabs slabs = new();
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
}
