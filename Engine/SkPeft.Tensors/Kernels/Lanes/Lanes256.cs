using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace SkPeft.Tensors.Kernels;

/// <summary>Sixteen lanes in two AVX2 registers.</summary>
internal readonly unsafe struct Lanes256(Vector256<float> low, Vector256<float> high) : ILanes<Lanes256>
{
    private readonly Vector256<float> _low = low;
    private readonly Vector256<float> _high = high;

    public static Lanes256 Zero
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new(Vector256<float>.Zero, Vector256<float>.Zero);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 operator +(Lanes256 a, Lanes256 b) => new(a._low + b._low, a._high + b._high);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 operator -(Lanes256 a, Lanes256 b) => new(a._low - b._low, a._high - b._high);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 operator *(Lanes256 a, Lanes256 b) => new(a._low * b._low, a._high * b._high);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 operator /(Lanes256 a, Lanes256 b) => new(a._low / b._low, a._high / b._high);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Load(float* from) => new(Vector256.Load(from), Vector256.Load(from + 8));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 LoadHalf(ushort* from) => new(WidenHalf(from), WidenHalf(from + 8));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 LoadBFloat16(ushort* from) => new(
        (Avx2.ConvertToVector256Int32(Vector128.Load(from)) << 16).AsSingle(),
        (Avx2.ConvertToVector256Int32(Vector128.Load(from + 8)) << 16).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 LoadSBytes(sbyte* from) => new(
        Avx.ConvertToVector256Single(Avx2.ConvertToVector256Int32(from)),
        Avx.ConvertToVector256Single(Avx2.ConvertToVector256Int32(from + 8)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Broadcast(float value)
    {
        Vector256<float> v = Vector256.Create(value);
        return new(v, v);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Lanes256 value, float* to)
    {
        value._low.Store(to);
        value._high.Store(to + 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreHalf(Lanes256 value, ushort* to)
    {
        HalfBits.Round(value._low).Store(to);
        HalfBits.Round(value._high).Store(to + 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreSBytes(Lanes256 value, sbyte* to)
    {
        Vector256<short> words = NarrowToShorts(value);
        Vector128.Narrow(words.GetLower(), words.GetUpper()).Store(to);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreShorts(Lanes256 value, short* to) => NarrowToShorts(value).Store(to);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 MultiplyAdd(Lanes256 a, Lanes256 b, Lanes256 c) =>
        new(Fma.MultiplyAdd(a._low, b._low, c._low), Fma.MultiplyAdd(a._high, b._high, c._high));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Max(Lanes256 a, Lanes256 b) => new(Avx.Max(a._low, b._low), Avx.Max(a._high, b._high));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Min(Lanes256 a, Lanes256 b) => new(Avx.Min(a._low, b._low), Avx.Min(a._high, b._high));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Abs(Lanes256 a) => new(Vector256.Abs(a._low), Vector256.Abs(a._high));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Round(Lanes256 a) => new(Avx.RoundToNearestInteger(a._low), Avx.RoundToNearestInteger(a._high));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 PowerOfTwo(Lanes256 n) => new(
        ((Avx.ConvertToVector256Int32(n._low) + Vector256.Create(127)) << 23).AsSingle(),
        ((Avx.ConvertToVector256Int32(n._high) + Vector256.Create(127)) << 23).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 ZeroWhereBelow(Lanes256 value, Lanes256 x, Lanes256 limit) => new(
        Vector256.ConditionalSelect(Vector256.LessThan(x._low, limit._low), Vector256<float>.Zero, value._low),
        Vector256.ConditionalSelect(Vector256.LessThan(x._high, limit._high), Vector256<float>.Zero, value._high));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(Lanes256 a) => Fold.Sum(a._low + a._high);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Largest(Lanes256 a) => Fold.Largest(Avx.Max(a._low, a._high));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> WidenHalf(ushort* from)
    {
        Vector256<int> bits = Avx2.ConvertToVector256Int32(Vector128.Load(from));
        Vector256<int> magnitude = (bits & Vector256.Create(HalfBits.Magnitude)) << HalfBits.Shift;
        Vector256<float> small = (magnitude + Vector256.Create(HalfBits.SubnormalBias)).AsSingle() - Vector256.Create(HalfBits.SmallestNormal);
        Vector256<float> normal = (magnitude + Vector256.Create(HalfBits.Bias)).AsSingle();
        Vector256<float> isSmall = Vector256.LessThan(magnitude, Vector256.Create(HalfBits.FirstNormal)).AsSingle();
        Vector256<int> sign = (bits & Vector256.Create(HalfBits.Sign)) << 16;
        return Vector256.ConditionalSelect(isSmall, small, normal) | sign.AsSingle();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<short> NarrowToShorts(Lanes256 value) =>
        Vector256.Narrow(Avx.ConvertToVector256Int32(value._low), Avx.ConvertToVector256Int32(value._high));
}
