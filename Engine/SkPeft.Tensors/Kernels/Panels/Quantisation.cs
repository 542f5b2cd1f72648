using System.Runtime.CompilerServices;

namespace SkPeft.Tensors.Kernels;

/// <summary>Symmetric quantisation of a block of activations.</summary>
internal static class Quantisation
{
    // Below this the reciprocal would overflow; such a block counts as zeros.
    private const float Negligible = 1e-30f;

    /// <summary>The step between quantised values and its reciprocal, for a block whose largest magnitude is given.</summary>
    /// <remarks>An infinite magnitude gives an infinite step and a zero reciprocal: the products become NaN, as they should.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (float Scale, float Inverse) Scales(float largest, float levels) =>
        largest > Negligible ? (largest / levels, levels / largest) : (0f, 0f);
}
