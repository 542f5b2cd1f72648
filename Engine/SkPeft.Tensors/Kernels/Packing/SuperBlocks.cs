using System.Buffers.Binary;
using SkPeft.Tensors.Formats.Dequantization;

namespace SkPeft.Tensors.Kernels;

/// <summary>Super-blocks of 256 weights; the layouts are described at the decoders in Formats/Dequantization.</summary>
internal static class SuperBlocks
{
    public static void ReadQ2_K(ReadOnlySpan<byte> block, Span<sbyte> values, Span<float> scales, Span<float> minima)
    {
        float d = FloatBlocks.Half(block[80..]);
        float dmin = FloatBlocks.Half(block[82..]);
        for (int group = 0; group < 16; group++)
        {
            scales[group] = d * (block[group] & 15);
            minima[group] = -(dmin * (block[group] >> 4));
            ReadOnlySpan<byte> bits = block.Slice(16 + (group / 8 * 32) + (group % 2 * 16), 16);
            for (int i = 0; i < 16; i++)
            {
                values[(group * 16) + i] = (sbyte)((bits[i] >> (group % 8 / 2 * 2)) & 3);
            }
        }
    }

    public static void ReadQ3_K(ReadOnlySpan<byte> block, Span<sbyte> values, Span<float> scales, Span<float> minima)
    {
        float d = FloatBlocks.Half(block[108..]);
        ReadOnlySpan<byte> packed = block.Slice(96, 12);
        minima.Clear();
        for (int group = 0; group < 16; group++)
        {
            int low = (packed[group % 8] >> (group / 8 * 4)) & 15;
            int high = (packed[8 + (group % 4)] >> (group / 4 * 2)) & 3;
            scales[group] = d * ((low | (high << 4)) - 32);
            ReadOnlySpan<byte> bits = block.Slice(32 + (group / 8 * 32) + (group % 2 * 16), 16);
            ReadOnlySpan<byte> thirds = block.Slice(group % 2 * 16, 16);
            for (int i = 0; i < 16; i++)
            {
                int third = (thirds[i] >> (group / 2)) & 1;
                values[(group * 16) + i] = (sbyte)(((bits[i] >> (group % 8 / 2 * 2)) & 3) + (4 * third) - 4);
            }
        }
    }

    public static void ReadQ4_K(ReadOnlySpan<byte> block, Span<sbyte> values, Span<float> scales, Span<float> minima)
    {
        SixBit(block, scales, minima);
        for (int pair = 0; pair < 4; pair++)
        {
            ShortBlocks.Nibbles(block.Slice(16 + (pair * 32), 32), values.Slice(pair * 64, 64), 0);
        }
    }

    public static void ReadQ5_K(ReadOnlySpan<byte> block, Span<sbyte> values, Span<float> scales, Span<float> minima)
    {
        SixBit(block, scales, minima);
        for (int pair = 0; pair < 4; pair++)
        {
            ShortBlocks.Nibbles(block.Slice(48 + (pair * 32), 32), values.Slice(pair * 64, 64), 0);
        }

        for (int i = 0; i < 256; i++)
        {
            values[i] += (sbyte)(((block[16 + (i % 32)] >> (i / 32)) & 1) << 4);
        }
    }

    public static void ReadQ6_K(ReadOnlySpan<byte> block, Span<sbyte> values, Span<float> scales, Span<float> minima)
    {
        float d = FloatBlocks.Half(block[208..]);
        minima.Clear();
        for (int group = 0; group < 16; group++)
        {
            (int half, int quarter, int part) = (group / 8, group % 8 / 2, group % 2 * 16);
            ReadOnlySpan<byte> low = block.Slice((half * 64) + (quarter % 2 * 32) + part, 16);
            ReadOnlySpan<byte> high = block.Slice(128 + (half * 32) + part, 16);
            scales[group] = d * (sbyte)block[192 + group];
            for (int i = 0; i < 16; i++)
            {
                int q = ((low[i] >> (quarter / 2 * 4)) & 15) | (((high[i] >> (quarter * 2)) & 3) << 4);
                values[(group * 16) + i] = (sbyte)(q - 32);
            }
        }
    }

    public static void ReadIQ4_XS(ReadOnlySpan<byte> block, Span<sbyte> values, Span<float> scales, Span<float> minima)
    {
        float d = FloatBlocks.Half(block);
        int upper = BinaryPrimitives.ReadUInt16LittleEndian(block[2..]);
        minima.Clear();
        for (int group = 0; group < 8; group++)
        {
            int scale = ((block[4 + (group / 2)] >> (group % 2 * 4)) & 15) | (((upper >> (group * 2)) & 3) << 4);
            scales.Slice(group * 2, 2).Fill(d * (scale - 32));
            ShortBlocks.Nibbles(block.Slice(8 + (group * 16), 16), values.Slice(group * 32, 32), 0);
        }

        ShortBlocks.LookUp(values);
    }

    // Q4_K and Q5_K: d and dmin, then six-bit factors for groups of 32.
    private static void SixBit(ReadOnlySpan<byte> block, Span<float> scales, Span<float> minima)
    {
        float d = FloatBlocks.Half(block);
        float dmin = FloatBlocks.Half(block[2..]);
        for (int group = 0; group < 8; group++)
        {
            (int scale, int minimum) = SixBitScales.Get(block.Slice(4, 12), group);
            scales.Slice(group * 2, 2).Fill(d * scale);
            minima.Slice(group * 2, 2).Fill(-(dmin * minimum));
        }
    }
}
