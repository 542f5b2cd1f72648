using SkPeft.Tensors.Kernels;

namespace SkPeft.Tensors.Tests.Kernels;

public sealed class MemoryPagesTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    [InlineData(3_000_000)]
    public void Populate_KeepsWhatIsThere(int length)
    {
        float[] array = new float[length];
        Array.Fill(array, 3);

        MemoryPages.Populate(array);

        array.AsSpan().ContainsAnyExcept(3).ShouldBeFalse();
    }
}
