namespace SkPeft.Engine.Adapters;

/// <summary>
/// Memory for the tensors of one adapter. Small ones are cut out of arrays that the collector does not move: as arrays of their own they are
/// young objects, and hundreds of them are copied twice before they are left alone, which took longer than reading them.
/// </summary>
internal sealed class TensorSlabs
{
    /// <summary>1 MiB: at most so much stays in memory for the sake of one small tensor that a method keeps.</summary>
    public const int SlabLength = 1 << 18;

    // 64 MiB: so much is asked for before it is known to be wanted.
    private const int MostAhead = 64;

    private readonly SlabQueue _whole;
    private long _left;
    private float[] _slab = [];
    private int _used;

    /// <summary>Takes nothing yet.</summary>
    /// <param name="small">Elements that will be taken for small tensors; more may be. A slab is no longer than what is left of them.</param>
    /// <param name="reserve">Has slabs that are ready.</param>
    public TensorSlabs(long small, SlabReserve reserve)
    {
        int whole = (int)Math.Min(small / SlabLength, MostAhead);
        (_left, _whole) = (small, new SlabQueue(whole, SlabLength, reserve.Take(whole)));
    }

    /// <summary>True for tensors that get an array of their own.</summary>
    public static bool IsLarge(long elements) => elements >= SlabLength;

    /// <summary>Takes memory; its contents are undefined.</summary>
    /// <param name="shape">The extents.</param>
    public Tensor Take(params ReadOnlySpan<int> shape)
    {
        long length = 1;
        foreach (int extent in shape)
        {
            length *= extent;
        }

        if (IsLarge(length))
        {
            return Tensor.Over(SlabQueue.Make(checked((int)length)), 0, shape);
        }

        if (_used + length > _slab.Length)
        {
            _slab = (_left >= SlabLength ? _whole.Take() : null) ?? SlabQueue.Make((int)Math.Clamp(_left, length, SlabLength));
            _used = 0;
        }

        Tensor tensor = Tensor.Over(_slab, _used, shape);
        _used += (int)length;
        _left -= length;
        return tensor;
    }
}
