using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace SkPeft.Tensors.Kernels;

/// <summary>Sixty-four bytes in four portable 128-bit vectors.</summary>
internal readonly unsafe struct Words128(Vector128<int> a, Vector128<int> b, Vector128<int> c, Vector128<int> d) : IWords<Words128, Lanes128>
{
    private readonly Vector128<int> _a = a;
    private readonly Vector128<int> _b = b;
    private readonly Vector128<int> _c = c;
    private readonly Vector128<int> _d = d;

    public static Words128 Zero
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Broadcast(0);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Words128 Load(byte* from)
    {
        int* ints = (int*)from;
        return new(Vector128.Load(ints), Vector128.Load(ints + 4), Vector128.Load(ints + 8), Vector128.Load(ints + 12));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Words128 LoadWidened(sbyte* from)
    {
        (Vector128<short> a, Vector128<short> b) = Vector128.Widen(Vector128.Load(from));
        (Vector128<short> c, Vector128<short> d) = Vector128.Widen(Vector128.Load(from + 16));
        return new(a.AsInt32(), b.AsInt32(), c.AsInt32(), d.AsInt32());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Words128 Broadcast(int fourBytes)
    {
        Vector128<int> v = Vector128.Create(fourBytes);
        return new(v, v, v, v);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Words128 AddShortProducts(Words128 sum, Words128 x, Words128 y) => new(
        AddShortPairs(sum._a, x._a, y._a),
        AddShortPairs(sum._b, x._b, y._b),
        AddShortPairs(sum._c, x._c, y._c),
        AddShortPairs(sum._d, x._d, y._d));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 ToLanes(Words128 x) => new(
        Vector128.ConvertToSingle(x._a), Vector128.ConvertToSingle(x._b), Vector128.ConvertToSingle(x._c), Vector128.ConvertToSingle(x._d));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Words128 ShortNibbles(Words128 x, int shift)
    {
        Vector128<int> mask = Vector128.Create(0x000F000F);
        return new((x._a >>> shift) & mask, (x._b >>> shift) & mask, (x._c >>> shift) & mask, (x._d >>> shift) & mask);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Nibble(Words128 x, int shift)
    {
        Vector128<int> mask = Vector128.Create(15);
        return ToLanes(new((x._a >>> shift) & mask, (x._b >>> shift) & mask, (x._c >>> shift) & mask, (x._d >>> shift) & mask));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 LowShorts(Words128 x) =>
        ToLanes(new((x._a << 16) >> 16, (x._b << 16) >> 16, (x._c << 16) >> 16, (x._d << 16) >> 16));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 HighShorts(Words128 x) => ToLanes(new(x._a >> 16, x._b >> 16, x._c >> 16, x._d >> 16));

    // The halves of every lane are sign-extended in place by shifts.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> AddShortPairs(Vector128<int> sum, Vector128<int> x, Vector128<int> y) =>
        sum + (((x << 16) >> 16) * ((y << 16) >> 16)) + ((x >> 16) * (y >> 16));
}
