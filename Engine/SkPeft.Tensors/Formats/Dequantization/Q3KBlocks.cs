using System.Runtime.Intrinsics;

namespace SkPeft.Tensors.Formats.Dequantization;

/// <summary>
/// Q3_K: 32 bytes of third bits (clear means −4), 64 bytes of 2-bit weights, 12 bytes of 6-bit scales, half d.
/// weight = (d · (scale − 32)) · q.
/// </summary>
internal static class Q3KBlocks
{
    public static void Decode(ReadOnlySpan<byte> from, Span<float> to)
    {
        Vector128<byte> three = Vector128.Create((byte)3);
        Vector128<byte> four = Vector128.Create((byte)4);
        for (int start = 0; start < to.Length; start += 256, from = from[110..])
        {
            float d = FloatBlocks.Half(from[108..]);
            ReadOnlySpan<byte> scales = from.Slice(96, 12);
            for (int group = 0; group < 16; group++)
            {
                int low = (scales[group % 8] >> (group / 8 * 4)) & 15;
                int high = (scales[8 + group % 4] >> (group / 4 * 2)) & 3;
                float scale = d * ((low | (high << 4)) - 32);

                Vector128<byte> q = (Nibbles.Load(from, 32 + group / 8 * 32 + group % 2 * 16) >>> (group % 8 / 2 * 2)) & three;
                Vector128<byte> third = (Nibbles.Load(from, group % 2 * 16) >>> (group / 2) << 2) & four;
                Nibbles.Store((q + third - four).AsSByte(), Vector256.Create(scale), ref Nibbles.Sixteen(to, start + group * 16));
            }
        }
    }
}
