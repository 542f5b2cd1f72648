using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace SkPeft.Tensors.Kernels;

/// <summary>Sixty-four bytes in two AVX2 registers.</summary>
internal readonly unsafe struct Words256(Vector256<int> low, Vector256<int> high) : IWords<Words256, Lanes256>
{
    private readonly Vector256<int> _low = low;
    private readonly Vector256<int> _high = high;

    public static Words256 Zero
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new(Vector256<int>.Zero, Vector256<int>.Zero);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Words256 Load(byte* from) => new(Vector256.Load((int*)from), Vector256.Load((int*)(from + 32)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Words256 LoadWidened(sbyte* from) => new(
        Avx2.ConvertToVector256Int16(Vector128.Load(from)).AsInt32(), Avx2.ConvertToVector256Int16(Vector128.Load(from + 16)).AsInt32());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Words256 Broadcast(int fourBytes)
    {
        Vector256<int> v = Vector256.Create(fourBytes);
        return new(v, v);
    }

    // AVX-VNNI multiplies and adds in one instruction.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Words256 AddShortProducts(Words256 sum, Words256 a, Words256 b) => AvxVnni.IsSupported
        ? new(AvxVnni.MultiplyWideningAndAdd(sum._low, a._low.AsInt16(), b._low.AsInt16()),
            AvxVnni.MultiplyWideningAndAdd(sum._high, a._high.AsInt16(), b._high.AsInt16()))
        : new(sum._low + Avx2.MultiplyAddAdjacent(a._low.AsInt16(), b._low.AsInt16()),
            sum._high + Avx2.MultiplyAddAdjacent(a._high.AsInt16(), b._high.AsInt16()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 ToLanes(Words256 ints) =>
        new(Avx.ConvertToVector256Single(ints._low), Avx.ConvertToVector256Single(ints._high));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Words256 ShortNibbles(Words256 words, int shift) =>
        new((words._low >>> shift) & Vector256.Create(0x000F000F), (words._high >>> shift) & Vector256.Create(0x000F000F));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Nibble(Words256 words, int shift) =>
        ToLanes(new((words._low >>> shift) & Vector256.Create(15), (words._high >>> shift) & Vector256.Create(15)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 LowShorts(Words256 words) => ToLanes(new((words._low << 16) >> 16, (words._high << 16) >> 16));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 HighShorts(Words256 words) => ToLanes(new(words._low >> 16, words._high >> 16));
}
