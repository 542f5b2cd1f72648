using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace SkPeft.Tensors.Formats.Dequantization;

/// <summary>
/// Vector steps shared by the decoders. Multiplication and addition stay two operations: a fused one rounds once and would
/// differ from ggml's reference in the last bit.
/// </summary>
internal static class Nibbles
{
    /// <summary>Sixteen unsigned bytes to sixteen floats, each <c>scale · q + offset</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector128<byte> q, Vector256<float> scale, Vector256<float> offset, ref float to)
    {
        (Vector256<float> low, Vector256<float> high) = ToFloats(q.AsSByte());
        (low * scale + offset).StoreUnsafe(ref to);
        (high * scale + offset).StoreUnsafe(ref to, 8);
    }

    /// <summary>Sixteen signed bytes to sixteen floats, each <c>scale · q</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector128<sbyte> q, Vector256<float> scale, ref float to)
    {
        (Vector256<float> low, Vector256<float> high) = ToFloats(q);
        (low * scale).StoreUnsafe(ref to);
        (high * scale).StoreUnsafe(ref to, 8);
    }

    /// <summary>Sixteen bytes at a place of a span.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Load(ReadOnlySpan<byte> from, int offset) => Vector128.Create(from.Slice(offset, 16));

    /// <summary>The lower four bits of every byte.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Low(Vector128<byte> bytes) => bytes & Vector128.Create((byte)0x0F);

    /// <summary>The upper four bits of every byte.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> High(Vector128<byte> bytes) => bytes >>> 4;

    /// <summary>A reference to element <paramref name="at"/> after checking that sixteen follow.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ref float Sixteen(Span<float> to, int at) => ref MemoryMarshal.GetReference(to.Slice(at, 16));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector256<float> Low, Vector256<float> High) ToFloats(Vector128<sbyte> q)
    {
        Vector256<short> wide = Vector256.WidenLower(q.ToVector256());
        (Vector256<int> low, Vector256<int> high) = Vector256.Widen(wide);
        return (Vector256.ConvertToSingle(low), Vector256.ConvertToSingle(high));
    }
}
