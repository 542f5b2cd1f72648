using SkPeft.Tensors.Kernels;

namespace SkPeft.Engine.Adapters;

/// <summary>
/// Memory for the tensors of one adapter. Small ones are cut out of arrays that the collector does not move: as arrays of their own they are
/// young objects, and hundreds of them are copied twice before they are left alone, which took longer than reading them.
/// </summary>
internal sealed class TensorSlabs
{
    // 1 MiB: at most so much stays in memory for the sake of one small tensor that a method keeps.
    private const int SlabLength = 1 << 18;

    private float[] _slab = [];
    private int _used;

    /// <summary>Takes memory; its contents are undefined.</summary>
    /// <param name="shape">The extents.</param>
    public Tensor Take(params ReadOnlySpan<int> shape)
    {
        long length = 1;
        foreach (int extent in shape)
        {
            length *= extent;
        }

        if (length >= SlabLength)
        {
            return Tensor.Over(Allocate(checked((int)length)), 0, shape);
        }

        if (_used + length > _slab.Length)
        {
            (_slab, _used) = (Allocate(SlabLength), 0);
        }

        Tensor tensor = Tensor.Over(_slab, _used, shape);
        _used += (int)length;
        return tensor;
    }

    private static float[] Allocate(int length)
    {
        float[] array = GC.AllocateUninitializedArray<float>(length);
        MemoryPages.Populate(array);
        return array;
    }
}
