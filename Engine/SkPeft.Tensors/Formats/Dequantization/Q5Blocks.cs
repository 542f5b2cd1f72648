using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace SkPeft.Tensors.Formats.Dequantization;

/// <summary>
/// As Q4_0 and Q4_1 with a fifth bit: 32 bits after the scales, bit i belongs to weight i. Q5_0: weight = d · (q − 16);
/// Q5_1: weight = d · q + m.
/// </summary>
internal static class Q5Blocks
{
    public static void DecodeQ5_0(ReadOnlySpan<byte> from, Span<float> to)
    {
        Vector128<sbyte> sixteen = Vector128.Create((sbyte)16);
        for (int at = 0; at < to.Length; at += 32, from = from[22..])
        {
            Vector256<float> d = Vector256.Create(FloatBlocks.Half(from));
            uint fifth = MemoryMarshal.Read<uint>(from[2..]);
            Vector128<byte> q = Nibbles.Load(from, 6);
            Nibbles.Store((Nibbles.Low(q) | Fifth((ushort)fifth)).AsSByte() - sixteen, d, ref Nibbles.Sixteen(to, at));
            Nibbles.Store((Nibbles.High(q) | Fifth((ushort)(fifth >> 16))).AsSByte() - sixteen, d, ref Nibbles.Sixteen(to, at + 16));
        }
    }

    public static void DecodeQ5_1(ReadOnlySpan<byte> from, Span<float> to)
    {
        for (int at = 0; at < to.Length; at += 32, from = from[24..])
        {
            Vector256<float> d = Vector256.Create(FloatBlocks.Half(from));
            Vector256<float> m = Vector256.Create(FloatBlocks.Half(from[2..]));
            uint fifth = MemoryMarshal.Read<uint>(from[4..]);
            Vector128<byte> q = Nibbles.Load(from, 8);
            Nibbles.Store(Nibbles.Low(q) | Fifth((ushort)fifth), d, m, ref Nibbles.Sixteen(to, at));
            Nibbles.Store(Nibbles.High(q) | Fifth((ushort)(fifth >> 16)), d, m, ref Nibbles.Sixteen(to, at + 16));
        }
    }

    // 16 in every byte whose bit is set.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Fifth(ushort bits)
    {
        Vector128<byte> spread = Vector128.Create(
            Vector64.Create((byte)bits), Vector64.Create((byte)(bits >> 8)));
        Vector128<byte> mask = Vector128.Create(0x8040201008040201ul).AsByte();
        return Vector128.Equals(spread & mask, mask) & Vector128.Create((byte)16);
    }
}
