using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace SkPeft.Tensors.Kernels;

/// <summary>Sixteen lanes in one AVX-512 register.</summary>
internal readonly unsafe struct Lanes512(Vector512<float> v) : ILanes<Lanes512>
{
    private readonly Vector512<float> _v = v;

    public static Lanes512 Zero
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new(Vector512<float>.Zero);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 operator +(Lanes512 a, Lanes512 b) => new(a._v + b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 operator -(Lanes512 a, Lanes512 b) => new(a._v - b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 operator *(Lanes512 a, Lanes512 b) => new(a._v * b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 operator /(Lanes512 a, Lanes512 b) => new(a._v / b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Load(float* from) => new(Vector512.Load(from));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 LoadHalf(ushort* from)
    {
        Vector512<int> bits = Avx512F.ConvertToVector512Int32(Vector256.Load(from));
        Vector512<int> magnitude = (bits & Vector512.Create(HalfBits.Magnitude)) << HalfBits.Shift;
        Vector512<float> small = (magnitude + Vector512.Create(HalfBits.SubnormalBias)).AsSingle() - Vector512.Create(HalfBits.SmallestNormal);
        Vector512<float> normal = (magnitude + Vector512.Create(HalfBits.Bias)).AsSingle();
        Vector512<float> isSmall = Vector512.LessThan(magnitude, Vector512.Create(HalfBits.FirstNormal)).AsSingle();
        Vector512<int> sign = (bits & Vector512.Create(HalfBits.Sign)) << 16;
        return new(Vector512.ConditionalSelect(isSmall, small, normal) | sign.AsSingle());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 LoadBFloat16(ushort* from) =>
        new((Avx512F.ConvertToVector512Int32(Vector256.Load(from)) << 16).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 LoadSBytes(sbyte* from) => new(Avx512F.ConvertToVector512Single(Avx512F.ConvertToVector512Int32(Vector128.Load(from))));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Broadcast(float value) => new(Vector512.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Lanes512 value, float* to) => value._v.Store(to);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreHalf(Lanes512 value, ushort* to)
    {
        HalfBits.Round(value._v.GetLower()).Store(to);
        HalfBits.Round(value._v.GetUpper()).Store(to + 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreSBytes(Lanes512 value, sbyte* to) =>
        Avx512F.ConvertToVector128SByte(Avx512F.ConvertToVector512Int32(value._v)).Store(to);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreShorts(Lanes512 value, short* to) =>
        Avx512F.ConvertToVector256Int16(Avx512F.ConvertToVector512Int32(value._v)).Store(to);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 MultiplyAdd(Lanes512 a, Lanes512 b, Lanes512 c) => new(Avx512F.FusedMultiplyAdd(a._v, b._v, c._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Max(Lanes512 a, Lanes512 b) => new(Avx512F.Max(a._v, b._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Min(Lanes512 a, Lanes512 b) => new(Avx512F.Min(a._v, b._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Abs(Lanes512 a) => new(Vector512.Abs(a._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Round(Lanes512 a) => new(Avx512F.RoundScale(a._v, 0));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 PowerOfTwo(Lanes512 n) =>
        new(((Avx512F.ConvertToVector512Int32(n._v) + Vector512.Create(127)) << 23).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 ZeroWhereBelow(Lanes512 value, Lanes512 x, Lanes512 limit) =>
        new(Vector512.ConditionalSelect(Vector512.LessThan(x._v, limit._v), Vector512<float>.Zero, value._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(Lanes512 a) => Fold.Sum(a._v.GetLower() + a._v.GetUpper());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Largest(Lanes512 a) => Fold.Largest(Avx.Max(a._v.GetLower(), a._v.GetUpper()));
}
