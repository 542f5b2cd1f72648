using System.Runtime.Intrinsics;
using SkPeft.Tensors.Formats.Dequantization;

namespace SkPeft.Tensors.Kernels;

/// <summary>Blocks of 32 weights; the layouts are described at the decoders in Formats/Dequantization.</summary>
internal static class ShortBlocks
{
    private static readonly sbyte[] s_nonLinear = [-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113];

    /// <summary>The values that the nibbles of IQ4 stand for.</summary>
    public static ReadOnlySpan<sbyte> NonLinear => s_nonLinear;

    public static void ReadQ4_0(ReadOnlySpan<byte> block, Span<sbyte> values, Span<float> scales, Span<float> minima)
    {
        Nibbles(block.Slice(2, 16), values, -8);
        scales.Fill(FloatBlocks.Half(block));
        minima.Clear();
    }

    public static void ReadQ4_1(ReadOnlySpan<byte> block, Span<sbyte> values, Span<float> scales, Span<float> minima)
    {
        Nibbles(block.Slice(4, 16), values, 0);
        scales.Fill(FloatBlocks.Half(block));
        minima.Fill(FloatBlocks.Half(block[2..]));
    }

    public static void ReadQ5_0(ReadOnlySpan<byte> block, Span<sbyte> values, Span<float> scales, Span<float> minima)
    {
        Nibbles(block.Slice(6, 16), values, -16);
        AddFifthBits(block.Slice(2, 4), values);
        scales.Fill(FloatBlocks.Half(block));
        minima.Clear();
    }

    public static void ReadQ5_1(ReadOnlySpan<byte> block, Span<sbyte> values, Span<float> scales, Span<float> minima)
    {
        Nibbles(block.Slice(8, 16), values, 0);
        AddFifthBits(block.Slice(4, 4), values);
        scales.Fill(FloatBlocks.Half(block));
        minima.Fill(FloatBlocks.Half(block[2..]));
    }

    public static void ReadQ8_0(ReadOnlySpan<byte> block, Span<sbyte> values, Span<float> scales, Span<float> minima)
    {
        System.Runtime.InteropServices.MemoryMarshal.Cast<byte, sbyte>(block[2..]).CopyTo(values);
        scales.Fill(FloatBlocks.Half(block));
        minima.Clear();
    }

    public static void ReadIQ4_NL(ReadOnlySpan<byte> block, Span<sbyte> values, Span<float> scales, Span<float> minima)
    {
        Nibbles(block.Slice(2, 16), values, 0);
        LookUp(values);
        scales.Fill(FloatBlocks.Half(block));
        minima.Clear();
    }

    /// <summary>Replaces nibbles by the values of IQ4.</summary>
    public static void LookUp(Span<sbyte> nibbles)
    {
        for (int i = 0; i < nibbles.Length; i++)
        {
            nibbles[i] = NonLinear[nibbles[i]];
        }
    }

    /// <summary>Low nibbles first, then high ones, each plus <paramref name="offset"/>; a multiple of 16 bytes.</summary>
    public static void Nibbles(ReadOnlySpan<byte> packed, Span<sbyte> values, int offset)
    {
        Vector128<sbyte> plus = Vector128.Create((sbyte)offset);
        for (int i = 0; i < packed.Length; i += 16)
        {
            Vector128<byte> bytes = Vector128.Create(packed.Slice(i, 16));
            ((bytes & Vector128.Create((byte)15)).AsSByte() + plus).CopyTo(values[i..]);
            ((bytes >>> 4).AsSByte() + plus).CopyTo(values[(packed.Length + i)..]);
        }
    }

    private static void AddFifthBits(ReadOnlySpan<byte> bits, Span<sbyte> values)
    {
        for (int i = 0; i < values.Length; i++)
        {
            values[i] += (sbyte)(((bits[i / 8] >> (i % 8)) & 1) << 4);
        }
    }
}
