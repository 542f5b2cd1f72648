using System.Runtime.Intrinsics;

namespace SkPeft.Tensors.Formats.Dequantization;

/// <summary>
/// Q2_K: 16 bytes of scale (low nibble) and minimum (high nibble), one per 16 weights; 64 bytes of 2-bit weights; half d, half
/// dmin. weight = (d · scale) · q − dmin · minimum.
/// </summary>
internal static class Q2KBlocks
{
    public static void Decode(ReadOnlySpan<byte> from, Span<float> to)
    {
        Vector128<byte> three = Vector128.Create((byte)3);
        for (int start = 0; start < to.Length; start += 256, from = from[84..])
        {
            float d = FloatBlocks.Half(from[80..]);
            float dmin = FloatBlocks.Half(from[82..]);
            for (int group = 0; group < 16; group++)
            {
                byte scales = from[group];
                Vector256<float> scale = Vector256.Create(d * (scales & 15));
                Vector256<float> minus = Vector256.Create(-(dmin * (scales >> 4)));

                // A byte holds weights i, i+32, i+64, i+96 of its half of the block.
                Vector128<byte> q = Nibbles.Load(from, 16 + group / 8 * 32 + group % 2 * 16);
                Nibbles.Store((q >>> (group % 8 / 2 * 2)) & three, scale, minus, ref Nibbles.Sixteen(to, start + group * 16));
            }
        }
    }
}
