using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace SkPeft.Tensors.Kernels;

/// <summary>Sixty-four bytes in one AVX-512 register.</summary>
internal readonly unsafe struct Words512(Vector512<int> v) : IWords<Words512, Lanes512>
{
    private readonly Vector512<int> _v = v;

    public static Words512 Zero
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new(Vector512<int>.Zero);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Words512 Load(byte* from) => new(Vector512.Load((int*)from));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Words512 LoadWidened(sbyte* from) => new(Avx512BW.ConvertToVector512Int16(Vector256.Load(from)).AsInt32());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Words512 Broadcast(int fourBytes) => new(Vector512.Create(fourBytes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Words512 AddShortProducts(Words512 sum, Words512 a, Words512 b) =>
        new(sum._v + Avx512BW.MultiplyAddAdjacent(a._v.AsInt16(), b._v.AsInt16()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 ToLanes(Words512 ints) => new(Avx512F.ConvertToVector512Single(ints._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Words512 ShortNibbles(Words512 words, int shift) => new((words._v >>> shift) & Vector512.Create(0x000F000F));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Nibble(Words512 words, int shift) => ToLanes(new((words._v >>> shift) & Vector512.Create(15)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 LowShorts(Words512 words) => ToLanes(new((words._v << 16) >> 16));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 HighShorts(Words512 words) => ToLanes(new(words._v >> 16));
}
