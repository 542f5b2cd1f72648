using System.Runtime.CompilerServices;

namespace SkPeft.Tensors.Kernels;

/// <summary>Symmetric quantisation of a block of activations.</summary>
internal static unsafe class Quantisation
{
    /// <summary>The largest quantised magnitude.</summary>
    public const float Levels = 32767f;

    // Below this the reciprocal would overflow; such a block counts as zeros.
    private const float Negligible = 1e-30f;

    /// <summary>Rounds a block of 16 or 32 values to int16.</summary>
    /// <returns>The step between quantised values, and the sum of the rounded values.</returns>
    /// <remarks>An infinite value gives an infinite step and a zero reciprocal: the products become NaN, as they should.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (float Scale, float Sum) ToShorts<T>(float* x, int count, short* to)
        where T : unmanaged, ILanes<T>
    {
        T magnitudes = T.Zero;
        for (int i = 0; i < count; i += ILanes<T>.Count)
        {
            magnitudes = T.Max(magnitudes, T.Abs(T.Load(x + i)));
        }

        float largest = T.Largest(magnitudes);
        T inverse = T.Broadcast(largest > Negligible ? Levels / largest : 0f);
        T sum = T.Zero;
        for (int i = 0; i < count; i += ILanes<T>.Count)
        {
            T rounded = T.Round(T.Load(x + i) * inverse);
            T.StoreShorts(rounded, to + i);
            sum += rounded;
        }

        float scale = largest > Negligible ? largest / Levels : 0f;
        return (scale, scale * T.Sum(sum));
    }
}
