using System.Runtime.CompilerServices;

namespace SkPeft.Tensors.Kernels;

/// <summary>silu(gate) · up, silu(g) = g / (1 + e⁻ᵍ) (Shazeer 2020).</summary>
internal static unsafe class SwiGluKernel
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<T>(float* gate, float* up, float* y, int size)
        where T : unmanaged, ILanes<T>
    {
        int k = 0;
        for (; k + 16 <= size; k += 16)
        {
            T.Store(Silu(T.Load(gate + k)) * T.Load(up + k), y + k);
        }

        if (k < size)
        {
            int rest = size - k;
            Partial.Store(Silu(Partial.Load<T>(gate + k, rest)) * Partial.Load<T>(up + k, rest), y + k, rest);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Silu<T>(T g)
        where T : unmanaged, ILanes<T> => g / (T.Broadcast(1f) + Exponential.Exp(T.Zero - g));
}
