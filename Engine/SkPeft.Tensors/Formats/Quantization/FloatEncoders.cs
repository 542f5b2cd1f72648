using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace SkPeft.Tensors.Formats.Quantization;

/// <summary>The unquantised types. Narrowing rounds to nearest, ties to even; subnormals are kept.</summary>
internal static class FloatEncoders
{
    public static void EncodeF32(ReadOnlySpan<float> from, Span<byte> to) => MemoryMarshal.AsBytes(from).CopyTo(to);

    public static void EncodeF16(ReadOnlySpan<float> from, Span<byte> to) =>
        TensorPrimitives.ConvertToHalf(from, MemoryMarshal.Cast<byte, Half>(to));

    public static void EncodeBF16(ReadOnlySpan<float> from, Span<byte> to)
    {
        Span<ushort> upper = MemoryMarshal.Cast<byte, ushort>(to)[..from.Length];
        for (int i = 0; i < from.Length; i++)
        {
            upper[i] = ToBFloat16(from[i]);
        }
    }

    /// <summary>The upper half of a single, rounded; NaN stays NaN (ggml, <c>ggml_compute_fp32_to_bf16</c>). .NET 10 has no such type.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ushort ToBFloat16(float value)
    {
        const uint Quiet = 1 << 6;
        uint bits = BitConverter.SingleToUInt32Bits(value);
        return (ushort)(float.IsNaN(value) ? (bits >> 16) | Quiet : (bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);
    }

    /// <summary>Writes a scale or minimum, and returns what comes next.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Span<byte> WriteHalf(Span<byte> to, float value)
    {
        MemoryMarshal.Write(to, (Half)value);
        return to[Unsafe.SizeOf<Half>()..];
    }
}
