using System.Runtime.CompilerServices;

namespace SkPeft.Tensors.Kernels;

/// <summary>eˣ on sixteen lanes, within 2 units in the last place.</summary>
/// <remarks>
/// x = n·ln 2 + r with |r| ≤ ½ ln 2; ln 2 in two parts keeps r exact; eʳ by a polynomial of degree 7 (S. Moshier, Cephes, expf).
/// Results below 2⁻¹²⁶ are 0; above 88.376 the result is infinite.
/// </remarks>
internal static class Exponential
{
    private const float Lowest = -87.33654f;
    private const float Highest = 89f; // n = 128, whose power is the bit pattern of infinity.

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Exp<T>(T x)
        where T : unmanaged, ILanes<T>
    {
        // The operand order matters: x86 returns the second one where either is NaN.
        T clamped = T.Min(T.Broadcast(Highest), T.Max(T.Broadcast(Lowest), x));
        T n = T.Round(clamped * T.Broadcast(1.44269504f));
        T r = T.MultiplyAdd(n, T.Broadcast(-0.693359375f), clamped);
        r = T.MultiplyAdd(n, T.Broadcast(2.12194440e-4f), r);
        T p = T.Broadcast(1.9875691500e-4f);
        p = T.MultiplyAdd(p, r, T.Broadcast(1.3981999507e-3f));
        p = T.MultiplyAdd(p, r, T.Broadcast(8.3334519073e-3f));
        p = T.MultiplyAdd(p, r, T.Broadcast(4.1665795894e-2f));
        p = T.MultiplyAdd(p, r, T.Broadcast(1.6666665459e-1f));
        p = T.MultiplyAdd(p, r, T.Broadcast(5.0000001201e-1f));
        p = T.MultiplyAdd(p, r * r, r) + T.Broadcast(1f);
        return T.ZeroWhereBelow(p * T.PowerOfTwo(n), x, T.Broadcast(Lowest));
    }
}
