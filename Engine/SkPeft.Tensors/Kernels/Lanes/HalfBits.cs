using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace SkPeft.Tensors.Kernels;

/// <summary>
/// fp16 ↔ fp32 with integer vectors, because .NET offers no F16C. Reading: shift the fields into place and add the difference
/// of the exponent biases; subnormals get one exponent more and the implied one subtracted again, which never multiplies a
/// subnormal fp32 (Intel CPUs take a slow path there).
/// </summary>
internal static class HalfBits
{
    public const int Magnitude = 0x7FFF;
    public const int Sign = 0x8000;

    /// <summary>Difference of the mantissas' widths, 23 − 10.</summary>
    public const int Shift = 13;

    public const int Bias = (127 - 15) << 23;
    public const int SubnormalBias = Bias + (1 << 23);

    /// <summary>Shifted magnitudes below this are subnormal (or zero).</summary>
    public const int FirstNormal = 0x0400 << Shift;

    /// <summary>2⁻¹⁴.</summary>
    public const float SmallestNormal = 6.103515625e-5f;

    private const float Largest = 65504f;

    /// <summary>Eight fp16 values, rounded to nearest even, saturated at ±65504; NaN stays NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ushort> Round(Vector256<float> v) => Vector128.Narrow(Round(v.GetLower()), Round(v.GetUpper()));

    /// <summary>Four fp16 values in the low halves.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> Round(Vector128<float> v)
    {
        Vector128<uint> bits = v.AsUInt32();
        Vector128<uint> sign = (bits >> 16) & Vector128.Create((uint)Sign);
        Vector128<float> size = Vector128.Min(Vector128.Abs(v), Vector128.Create(Largest));
        Vector128<uint> s = size.AsUInt32();

        // Normal: drop 13 bits, rounding to even. Subnormal: adding 2⁻¹ lets the fp32 adder round at 2⁻²⁴ and leaves the bits low.
        Vector128<uint> odd = (s >> Shift) & Vector128.Create(1u);
        Vector128<uint> normal = (s - Vector128.Create((uint)Bias) + Vector128.Create(0xFFFu) + odd) >> Shift;
        Vector128<uint> small = (size + Vector128.Create(0.5f)).AsUInt32() - Vector128.Create(0.5f).AsUInt32();
        Vector128<uint> isSmall = Vector128.LessThan(size, Vector128.Create(SmallestNormal)).AsUInt32();
        Vector128<uint> isNaN = ~Vector128.Equals(v, v).AsUInt32();
        Vector128<uint> rounded = Vector128.ConditionalSelect(isSmall, small, normal);
        return Vector128.ConditionalSelect(isNaN, Vector128.Create(0x7E00u), rounded) | sign;
    }
}
