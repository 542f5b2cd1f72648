using System.Runtime.CompilerServices;

namespace SkPeft.Tensors.Kernels;

/// <summary>Scales and minima of a block for 16 rows.</summary>
internal unsafe interface IBlockScales
{
    /// <summary>Bytes for 16 rows.</summary>
    static abstract int Bytes { get; }

    /// <summary>False where all minima are zero.</summary>
    static abstract bool HasMinimum { get; }

    static abstract T Scale<T>(byte* from)
        where T : unmanaged, ILanes<T>;

    static abstract T Minimum<T>(byte* from, T scale)
        where T : unmanaged, ILanes<T>;
}

/// <summary>fp16 scales, no minima (Q8_0).</summary>
internal readonly unsafe struct PlainHalfScales : IBlockScales
{
    public static int Bytes => 32;

    public static bool HasMinimum => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Scale<T>(byte* from)
        where T : unmanaged, ILanes<T> => T.LoadHalf((ushort*)from);

    public static T Minimum<T>(byte* from, T scale)
        where T : unmanaged, ILanes<T> => T.Zero;
}

/// <summary>fp16 scales; the minimum is −8 scales (Q4_0).</summary>
internal readonly unsafe struct CentredHalfScales : IBlockScales
{
    public static int Bytes => 32;

    public static bool HasMinimum => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Scale<T>(byte* from)
        where T : unmanaged, ILanes<T> => T.LoadHalf((ushort*)from);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Minimum<T>(byte* from, T scale)
        where T : unmanaged, ILanes<T> => scale * T.Broadcast(-8f);
}

/// <summary>fp16 scales, then fp16 minima (Q4_1).</summary>
internal readonly unsafe struct HalfScales : IBlockScales
{
    public static int Bytes => 64;

    public static bool HasMinimum => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Scale<T>(byte* from)
        where T : unmanaged, ILanes<T> => T.LoadHalf((ushort*)from);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Minimum<T>(byte* from, T scale)
        where T : unmanaged, ILanes<T> => T.LoadHalf((ushort*)(from + 32));
}

/// <summary>fp32 scales, no minima (Q3_K, Q5_0, Q6_K, IQ4).</summary>
internal readonly unsafe struct PlainSingleScales : IBlockScales
{
    public static int Bytes => 64;

    public static bool HasMinimum => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Scale<T>(byte* from)
        where T : unmanaged, ILanes<T> => T.Load((float*)from);

    public static T Minimum<T>(byte* from, T scale)
        where T : unmanaged, ILanes<T> => T.Zero;
}

/// <summary>fp32 scales, then fp32 minima (Q2_K, Q4_K, Q5_K, Q5_1, mixtures).</summary>
internal readonly unsafe struct SingleScales : IBlockScales
{
    public static int Bytes => 128;

    public static bool HasMinimum => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Scale<T>(byte* from)
        where T : unmanaged, ILanes<T> => T.Load((float*)from);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Minimum<T>(byte* from, T scale)
        where T : unmanaged, ILanes<T> => T.Load((float*)(from + 64));
}
