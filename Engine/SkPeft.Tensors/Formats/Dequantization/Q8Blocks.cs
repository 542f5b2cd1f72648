using System.Runtime.Intrinsics;

namespace SkPeft.Tensors.Formats.Dequantization;

/// <summary>Q8_0: half d, 32 signed bytes; weight = d · q.</summary>
internal static class Q8Blocks
{
    public static void DecodeQ8_0(ReadOnlySpan<byte> from, Span<float> to)
    {
        for (int at = 0; at < to.Length; at += 32, from = from[34..])
        {
            Vector256<float> d = Vector256.Create(FloatBlocks.Half(from));
            Nibbles.Store(Nibbles.Load(from, 2).AsSByte(), d, ref Nibbles.Sixteen(to, at));
            Nibbles.Store(Nibbles.Load(from, 18).AsSByte(), d, ref Nibbles.Sixteen(to, at + 16));
        }
    }
}
