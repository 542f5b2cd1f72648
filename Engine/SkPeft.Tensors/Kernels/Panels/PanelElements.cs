using System.Runtime.CompilerServices;

namespace SkPeft.Tensors.Kernels;

/// <summary>An unquantised weight.</summary>
internal unsafe interface IPanelElement
{
    static abstract int Bytes { get; }

    static abstract TLanes Load<TLanes>(byte* from)
        where TLanes : unmanaged, ILanes<TLanes>;
}

/// <summary>fp32.</summary>
internal readonly unsafe struct SingleElement : IPanelElement
{
    public static int Bytes => 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Load<TLanes>(byte* from)
        where TLanes : unmanaged, ILanes<TLanes> => TLanes.Load((float*)from);
}

/// <summary>fp16.</summary>
internal readonly unsafe struct HalfElement : IPanelElement
{
    public static int Bytes => 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Load<TLanes>(byte* from)
        where TLanes : unmanaged, ILanes<TLanes> => TLanes.LoadHalf((ushort*)from);
}

/// <summary>bfloat16.</summary>
internal readonly unsafe struct BFloat16Element : IPanelElement
{
    public static int Bytes => 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Load<TLanes>(byte* from)
        where TLanes : unmanaged, ILanes<TLanes> => TLanes.LoadBFloat16((ushort*)from);
}
