using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace SkPeft.Tensors.Kernels;

/// <summary>A step of a packed strip, of a width known to the JIT: few instructions, so that the CPU looks many rows ahead.</summary>
internal unsafe interface ILine
{
    static abstract int Width { get; }

    static abstract void Copy(float* from, float* to);
}

/// <summary>2 floats.</summary>
internal readonly unsafe struct LineOf2 : ILine
{
    public static int Width => 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Copy(float* from, float* to) => *(long*)to = *(long*)from;
}

/// <summary>6 floats.</summary>
internal readonly unsafe struct LineOf6 : ILine
{
    public static int Width => 6;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Copy(float* from, float* to)
    {
        Vector128.Load(from).Store(to);
        LineOf2.Copy(from + 4, to + 4);
    }
}

/// <summary>12 floats.</summary>
internal readonly unsafe struct LineOf12 : ILine
{
    public static int Width => 12;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Copy(float* from, float* to)
    {
        Vector256.Load(from).Store(to);
        Vector128.Load(from + 8).Store(to + 8);
    }
}

/// <summary>16 floats.</summary>
internal readonly unsafe struct LineOf16 : ILine
{
    public static int Width => 16;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Copy(float* from, float* to) => Vector512.Load(from).Store(to);
}

/// <summary>32 floats.</summary>
internal readonly unsafe struct LineOf32 : ILine
{
    public static int Width => 32;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Copy(float* from, float* to)
    {
        LineOf16.Copy(from, to);
        LineOf16.Copy(from + 16, to + 16);
    }
}
