using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace SkPeft.Tensors.Formats.Dequantization;

/// <summary>The unquantised types. Widening is exact, subnormals, infinities and NaN included.</summary>
internal static class FloatBlocks
{
    public static void DecodeF32(ReadOnlySpan<byte> from, Span<float> to) => from.CopyTo(MemoryMarshal.AsBytes(to));

    // .NET 10 has no F16C; TensorPrimitives widens with integer arithmetic on whole vectors.
    public static void DecodeF16(ReadOnlySpan<byte> from, Span<float> to) =>
        TensorPrimitives.ConvertToSingle(MemoryMarshal.Cast<byte, Half>(from), to);

    public static void DecodeBF16(ReadOnlySpan<byte> from, Span<float> to)
    {
        ReadOnlySpan<ushort> upper = MemoryMarshal.Cast<byte, ushort>(from);
        Span<uint> bits = MemoryMarshal.Cast<float, uint>(to)[..upper.Length];
        ref ushort source = ref MemoryMarshal.GetReference(upper);
        ref uint target = ref MemoryMarshal.GetReference(bits);
        int i = 0;
        for (; i <= upper.Length - 16; i += 16)
        {
            (Vector256<uint> low, Vector256<uint> high) = Vector256.Widen(Vector256.LoadUnsafe(ref source, (nuint)i));
            (low << 16).StoreUnsafe(ref target, (nuint)i);
            (high << 16).StoreUnsafe(ref target, (nuint)i + 8);
        }

        for (; i < upper.Length; i++)
        {
            bits[i] = (uint)upper[i] << 16;
        }
    }

    /// <summary>A half at the start of <paramref name="from"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Half(ReadOnlySpan<byte> from) => (float)MemoryMarshal.Read<Half>(from);
}
