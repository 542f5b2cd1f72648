using System.Runtime.CompilerServices;

namespace SkPeft.Tensors.Kernels;

/// <summary>Scale and minimum of a block for 16 rows, in registers.</summary>
internal readonly unsafe struct BlockScale<TLanes>(TLanes factor, TLanes minimum)
    where TLanes : unmanaged, ILanes<TLanes>
{
    private readonly TLanes _factor = factor;
    private readonly TLanes _minimum = minimum;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static BlockScale<TLanes> Load<TScales>(byte* scales)
        where TScales : unmanaged, IBlockScales
    {
        TLanes factor = TScales.Scale<TLanes>(scales);
        return new(factor, TScales.HasMinimum ? TScales.Minimum(scales, factor) : default);
    }

    /// <summary>Adds a block's integer sum; the column's activation scale is x[0], and x[columns] is that scale times Σ x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TLanes Apply<TScales>(TLanes total, TLanes sum, float* x, int columns)
        where TScales : unmanaged, IBlockScales
    {
        total = TLanes.MultiplyAdd(sum, _factor * TLanes.Broadcast(x[0]), total);
        return TScales.HasMinimum ? TLanes.MultiplyAdd(_minimum, TLanes.Broadcast(x[columns]), total) : total;
    }

    /// <summary>The weights themselves. Not fused: the file's own values are rounded after the product.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TLanes Exact<TScales>(TLanes integers)
        where TScales : unmanaged, IBlockScales =>
        TScales.HasMinimum ? (integers * _factor) + _minimum : integers * _factor;
}
