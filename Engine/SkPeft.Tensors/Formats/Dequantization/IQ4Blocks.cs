using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace SkPeft.Tensors.Formats.Dequantization;

/// <summary>
/// IQ4_NL: half d, 16 bytes of nibbles that index a table of 16 values; weight = d · value. IQ4_XS: half d, 16 bits and 4 bytes of
/// 6-bit scales, 128 bytes of nibbles in groups of 32; weight = (d · (scale − 32)) · value.
/// </summary>
internal static class IQ4Blocks
{
    private static readonly Vector128<sbyte> s_values =
        Vector128.Create(-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, (sbyte)113);

    public static void DecodeNL(ReadOnlySpan<byte> from, Span<float> to)
    {
        for (int at = 0; at < to.Length; at += 32, from = from[18..])
        {
            Store(Nibbles.Load(from, 2), FloatBlocks.Half(from), to, at);
        }
    }

    public static void DecodeXS(ReadOnlySpan<byte> from, Span<float> to)
    {
        for (int start = 0; start < to.Length; start += 256, from = from[136..])
        {
            float d = FloatBlocks.Half(from);
            ushort upper = MemoryMarshal.Read<ushort>(from[2..]);
            for (int group = 0; group < 8; group++)
            {
                int scale = ((from[4 + group / 2] >> (group % 2 * 4)) & 15) | (((upper >> (group * 2)) & 3) << 4);
                Store(Nibbles.Load(from, 8 + group * 16), d * (scale - 32), to, start + group * 32);
            }
        }
    }

    private static void Store(Vector128<byte> nibbles, float scale, Span<float> to, int at)
    {
        Vector256<float> times = Vector256.Create(scale);
        Nibbles.Store(Vector128.Shuffle(s_values, Nibbles.Low(nibbles).AsSByte()), times, ref Nibbles.Sixteen(to, at));
        Nibbles.Store(Vector128.Shuffle(s_values, Nibbles.High(nibbles).AsSByte()), times, ref Nibbles.Sixteen(to, at + 16));
    }
}
