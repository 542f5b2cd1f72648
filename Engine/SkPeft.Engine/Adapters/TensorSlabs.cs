using SkPeft.Tensors.Kernels;

namespace SkPeft.Engine.Adapters;

/// <summary>
/// Memory for the tensors of one adapter. Small ones are cut out of arrays that the collector does not move: as arrays of their own they are
/// young objects, and hundreds of them are copied twice before they are left alone, which took longer than reading them.
/// </summary>
/// <param name="elements">Elements that will be taken; more than that may be. A slab is no longer than what is left of them.</param>
internal sealed class TensorSlabs(long elements)
{
    // 1 MiB: at most so much stays in memory for the sake of one small tensor that a method keeps.
    private const int SlabLength = 1 << 18;

    private long _left = elements;
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

        long left = Math.Max(length, _left);
        _left -= length;
        if (length >= SlabLength)
        {
            return Tensor.Over(Allocate(checked((int)length)), 0, shape);
        }

        if (_used + length > _slab.Length)
        {
            (_slab, _used) = (Allocate((int)Math.Min(SlabLength, left)), 0);
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
