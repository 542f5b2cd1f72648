using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace SkPeft.Tensors.Kernels;

/// <summary>Sixteen lanes in four portable 128-bit vectors.</summary>
internal readonly unsafe struct Lanes128(Vector128<float> a, Vector128<float> b, Vector128<float> c, Vector128<float> d) : ILanes<Lanes128>
{
    private readonly Vector128<float> _a = a;
    private readonly Vector128<float> _b = b;
    private readonly Vector128<float> _c = c;
    private readonly Vector128<float> _d = d;

    public static Lanes128 Zero
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Broadcast(0f);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 operator +(Lanes128 x, Lanes128 y) => new(x._a + y._a, x._b + y._b, x._c + y._c, x._d + y._d);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 operator -(Lanes128 x, Lanes128 y) => new(x._a - y._a, x._b - y._b, x._c - y._c, x._d - y._d);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 operator *(Lanes128 x, Lanes128 y) => new(x._a * y._a, x._b * y._b, x._c * y._c, x._d * y._d);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 operator /(Lanes128 x, Lanes128 y) => new(x._a / y._a, x._b / y._b, x._c / y._c, x._d / y._d);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Load(float* from) =>
        new(Vector128.Load(from), Vector128.Load(from + 4), Vector128.Load(from + 8), Vector128.Load(from + 12));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 LoadHalf(ushort* from)
    {
        (Vector128<uint> a, Vector128<uint> b) = Vector128.Widen(Vector128.Load(from));
        (Vector128<uint> c, Vector128<uint> d) = Vector128.Widen(Vector128.Load(from + 8));
        return new(FromHalf(a), FromHalf(b), FromHalf(c), FromHalf(d));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 LoadBFloat16(ushort* from)
    {
        (Vector128<uint> a, Vector128<uint> b) = Vector128.Widen(Vector128.Load(from));
        (Vector128<uint> c, Vector128<uint> d) = Vector128.Widen(Vector128.Load(from + 8));
        return new((a << 16).AsSingle(), (b << 16).AsSingle(), (c << 16).AsSingle(), (d << 16).AsSingle());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 LoadSBytes(sbyte* from)
    {
        (Vector128<short> low, Vector128<short> high) = Vector128.Widen(Vector128.Load(from));
        (Vector128<int> a, Vector128<int> b) = Vector128.Widen(low);
        (Vector128<int> c, Vector128<int> d) = Vector128.Widen(high);
        return new(Vector128.ConvertToSingle(a), Vector128.ConvertToSingle(b), Vector128.ConvertToSingle(c), Vector128.ConvertToSingle(d));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Broadcast(float value)
    {
        Vector128<float> v = Vector128.Create(value);
        return new(v, v, v, v);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Lanes128 value, float* to)
    {
        value._a.Store(to);
        value._b.Store(to + 4);
        value._c.Store(to + 8);
        value._d.Store(to + 12);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreHalf(Lanes128 value, ushort* to)
    {
        Vector128.Narrow(HalfBits.Round(value._a), HalfBits.Round(value._b)).Store(to);
        Vector128.Narrow(HalfBits.Round(value._c), HalfBits.Round(value._d)).Store(to + 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreSBytes(Lanes128 value, sbyte* to) =>
        Vector128.Narrow(NarrowToShorts(value._a, value._b), NarrowToShorts(value._c, value._d)).Store(to);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreShorts(Lanes128 value, short* to)
    {
        NarrowToShorts(value._a, value._b).Store(to);
        NarrowToShorts(value._c, value._d).Store(to + 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 MultiplyAdd(Lanes128 x, Lanes128 y, Lanes128 z) => new(
        Vector128.MultiplyAddEstimate(x._a, y._a, z._a),
        Vector128.MultiplyAddEstimate(x._b, y._b, z._b),
        Vector128.MultiplyAddEstimate(x._c, y._c, z._c),
        Vector128.MultiplyAddEstimate(x._d, y._d, z._d));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Max(Lanes128 x, Lanes128 y) => new(
        Vector128.MaxNative(x._a, y._a), Vector128.MaxNative(x._b, y._b), Vector128.MaxNative(x._c, y._c), Vector128.MaxNative(x._d, y._d));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Min(Lanes128 x, Lanes128 y) => new(
        Vector128.MinNative(x._a, y._a), Vector128.MinNative(x._b, y._b), Vector128.MinNative(x._c, y._c), Vector128.MinNative(x._d, y._d));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Abs(Lanes128 x) => new(Vector128.Abs(x._a), Vector128.Abs(x._b), Vector128.Abs(x._c), Vector128.Abs(x._d));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Round(Lanes128 x) => new(Vector128.Round(x._a), Vector128.Round(x._b), Vector128.Round(x._c), Vector128.Round(x._d));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 PowerOfTwo(Lanes128 n) => new(PowerOfTwo(n._a), PowerOfTwo(n._b), PowerOfTwo(n._c), PowerOfTwo(n._d));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 ZeroWhereBelow(Lanes128 value, Lanes128 x, Lanes128 limit) => new(
        Vector128.AndNot(value._a, Vector128.LessThan(x._a, limit._a)),
        Vector128.AndNot(value._b, Vector128.LessThan(x._b, limit._b)),
        Vector128.AndNot(value._c, Vector128.LessThan(x._c, limit._c)),
        Vector128.AndNot(value._d, Vector128.LessThan(x._d, limit._d)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(Lanes128 x) => Fold.Sum(x._a + x._c + (x._b + x._d));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Largest(Lanes128 x) => Fold.Largest(Vector128.Max(Vector128.Max(x._a, x._c), Vector128.Max(x._b, x._d)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> FromHalf(Vector128<uint> half)
    {
        Vector128<int> bits = half.AsInt32();
        Vector128<int> magnitude = (bits & Vector128.Create(HalfBits.Magnitude)) << HalfBits.Shift;
        Vector128<float> small = (magnitude + Vector128.Create(HalfBits.SubnormalBias)).AsSingle() - Vector128.Create(HalfBits.SmallestNormal);
        Vector128<float> normal = (magnitude + Vector128.Create(HalfBits.Bias)).AsSingle();
        Vector128<float> isSmall = Vector128.LessThan(magnitude, Vector128.Create(HalfBits.FirstNormal)).AsSingle();
        Vector128<int> sign = (bits & Vector128.Create(HalfBits.Sign)) << 16;
        return Vector128.ConditionalSelect(isSmall, small, normal) | sign.AsSingle();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> PowerOfTwo(Vector128<float> n) =>
        ((Vector128.ConvertToInt32Native(n) + Vector128.Create(127)) << 23).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<short> NarrowToShorts(Vector128<float> low, Vector128<float> high) => Vector128.Narrow(
        Vector128.ConvertToInt32Native(Vector128.Round(low)), Vector128.ConvertToInt32Native(Vector128.Round(high)));
}
