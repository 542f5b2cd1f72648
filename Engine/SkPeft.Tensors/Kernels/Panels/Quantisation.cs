using System.Runtime.CompilerServices;

namespace SkPeft.Tensors.Kernels;

/// <summary>Symmetric quantisation of a block of activations.</summary>
internal static unsafe class Quantisation
{
    /// <summary>The largest quantised magnitude: 256 · 127 + 127, so that upper and lower byte of every value are signed bytes.</summary>
    public const float Levels = 32639f;

    private const float ByteLevels = 127f;
    private const float ByteStep = 256f;

    // Below this the reciprocal would overflow; such a block counts as zeros.
    private const float Negligible = 1e-30f;

    /// <summary>Rounds a block of 16 or 32 values to int16.</summary>
    /// <param name="x">The block.</param>
    /// <param name="count">Its values.</param>
    /// <param name="to">Room for the integers.</param>
    /// <param name="narrow">A block whose largest magnitude is not above this is rounded to 8 bits, times 256; 0 for none.</param>
    /// <remarks>An infinite value gives an infinite step and a zero reciprocal: the products become NaN, as they should.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static RoundedBlock ToShorts<T>(float* x, int count, short* to, float narrow)
        where T : unmanaged, ILanes<T>
    {
        T magnitudes = T.Zero;
        for (int i = 0; i < count; i += ILanes<T>.Count)
        {
            magnitudes = T.Max(magnitudes, T.Abs(T.Load(x + i)));
        }

        float largest = T.Largest(magnitudes);
        bool isWide = !(largest <= narrow);
        float levels = isWide ? Levels : ByteLevels;
        float step = isWide ? 1f : ByteStep;
        T inverse = T.Broadcast(largest > Negligible ? levels / largest : 0f);
        T unit = T.Broadcast(step);
        T sum = T.Zero;
        for (int i = 0; i < count; i += ILanes<T>.Count)
        {
            T rounded = T.Round(T.Load(x + i) * inverse) * unit;
            T.StoreShorts(rounded, to + i);
            sum += rounded;
        }

        float scale = largest > Negligible ? largest / (levels * step) : 0f;
        return new RoundedBlock(scale, T.Sum(sum), isWide);
    }
}
