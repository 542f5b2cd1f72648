using System.Runtime.Intrinsics;

namespace SkPeft.Tensors.Formats.Dequantization;

/// <summary>
/// Q6_K: 128 bytes of nibbles, 64 bytes of upper bit pairs, 16 signed scales (one per 16 weights), half d.
/// weight = (d · scale) · (q − 32).
/// </summary>
internal static class Q6KBlocks
{
    public static void Decode(ReadOnlySpan<byte> from, Span<float> to)
    {
        Vector128<byte> upper = Vector128.Create((byte)0x30);
        Vector128<byte> thirtyTwo = Vector128.Create((byte)32);
        for (int start = 0; start < to.Length; start += 256, from = from[210..])
        {
            float d = FloatBlocks.Half(from[208..]);
            for (int group = 0; group < 16; group++)
            {
                // Halves of 128 weights: quarter k takes nibble k / 2 of bytes (k mod 2) · 32 + i, and bits 2k of byte i above.
                (int half, int quarter, int part) = (group / 8, group % 8 / 2, group % 2 * 16);
                Vector128<byte> low = Nibbles.Low(Nibbles.Load(from, half * 64 + quarter % 2 * 32 + part) >>> (quarter / 2 * 4));
                Vector128<byte> high = (Nibbles.Load(from, 128 + half * 32 + part) >>> (quarter * 2) << 4) & upper;
                Vector256<float> scale = Vector256.Create(d * (sbyte)from[192 + group]);
                Nibbles.Store(((low | high) - thirtyTwo).AsSByte(), scale, ref Nibbles.Sixteen(to, start + group * 16));
            }
        }
    }
}
