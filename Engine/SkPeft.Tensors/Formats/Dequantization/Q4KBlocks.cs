using System.Runtime.Intrinsics;

namespace SkPeft.Tensors.Formats.Dequantization;

/// <summary>
/// Q4_K: half d, half dmin, 12 bytes of scales, 128 bytes of nibbles, eight groups of 32.
/// weight = (d · scale) · q − dmin · minimum.
/// </summary>
internal static class Q4KBlocks
{
    public static void Decode(ReadOnlySpan<byte> from, Span<float> to)
    {
        for (int start = 0; start < to.Length; start += 256, from = from[144..])
        {
            float d = FloatBlocks.Half(from);
            float dmin = FloatBlocks.Half(from[2..]);
            for (int group = 0; group < 8; group++)
            {
                (int scale, int minimum) = SixBitScales.Get(from.Slice(4, 12), group);
                Vector256<float> times = Vector256.Create(d * scale);
                Vector256<float> minus = Vector256.Create(-(dmin * minimum));
                for (int half = 0; half < 32; half += 16)
                {
                    Vector128<byte> q = Nibbles.Low(Nibbles.Load(from, 16 + group / 2 * 32 + half) >>> (group % 2 * 4));
                    Nibbles.Store(q, times, minus, ref Nibbles.Sixteen(to, start + group * 32 + half));
                }
            }
        }
    }
}
