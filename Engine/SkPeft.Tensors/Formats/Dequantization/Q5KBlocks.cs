using System.Runtime.Intrinsics;

namespace SkPeft.Tensors.Formats.Dequantization;

/// <summary>
/// Q5_K: as Q4_K with 32 bytes of fifth bits before the nibbles; bit g of byte i belongs to weight i of group g.
/// </summary>
internal static class Q5KBlocks
{
    public static void Decode(ReadOnlySpan<byte> from, Span<float> to)
    {
        Vector128<byte> sixteen = Vector128.Create((byte)16);
        for (int start = 0; start < to.Length; start += 256, from = from[176..])
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
                    Vector128<byte> q = Nibbles.Low(Nibbles.Load(from, 48 + group / 2 * 32 + half) >>> (group % 2 * 4));
                    Vector128<byte> fifth = (Nibbles.Load(from, 16 + half) >>> group << 4) & sixteen;
                    Nibbles.Store(q | fifth, times, minus, ref Nibbles.Sixteen(to, start + group * 32 + half));
                }
            }
        }
    }
}
