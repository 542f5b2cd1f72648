using System.Runtime.Intrinsics;

namespace SkPeft.Tensors.Formats.Dequantization;

/// <summary>Q4_0: half d, 16 bytes; weight = d · (q − 8). Q4_1: half d, half m, 16 bytes; weight = d · q + m. Low nibbles come first.</summary>
internal static class Q4Blocks
{
    public static void DecodeQ4_0(ReadOnlySpan<byte> from, Span<float> to)
    {
        Vector128<sbyte> eight = Vector128.Create((sbyte)8);
        for (int at = 0; at < to.Length; at += 32, from = from[18..])
        {
            Vector256<float> d = Vector256.Create(FloatBlocks.Half(from));
            Vector128<byte> q = Nibbles.Load(from, 2);
            Nibbles.Store(Nibbles.Low(q).AsSByte() - eight, d, ref Nibbles.Sixteen(to, at));
            Nibbles.Store(Nibbles.High(q).AsSByte() - eight, d, ref Nibbles.Sixteen(to, at + 16));
        }
    }

    public static void DecodeQ4_1(ReadOnlySpan<byte> from, Span<float> to)
    {
        for (int at = 0; at < to.Length; at += 32, from = from[20..])
        {
            Vector256<float> d = Vector256.Create(FloatBlocks.Half(from));
            Vector256<float> m = Vector256.Create(FloatBlocks.Half(from[2..]));
            Vector128<byte> q = Nibbles.Load(from, 4);
            Nibbles.Store(Nibbles.Low(q), d, m, ref Nibbles.Sixteen(to, at));
            Nibbles.Store(Nibbles.High(q), d, m, ref Nibbles.Sixteen(to, at + 16));
        }
    }
}
