using System.Runtime.CompilerServices;

namespace SkPeft.Tensors.Kernels;

/// <summary>Gradient of y = g·σ(g)·u: du = dy·g·σ(g), dg = dy·u·σ(g)·(1 + g·(1 − σ(g))).</summary>
internal static unsafe class SwiGluGradientKernel
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<T>(float* gate, float* up, float* dy, float* dgate, float* dup, int size)
        where T : unmanaged, ILanes<T>
    {
        int k = 0;
        for (; k + 16 <= size; k += 16)
        {
            (T dg, T du) = Step(T.Load(gate + k), T.Load(up + k), T.Load(dy + k));
            T.Store(dg, dgate + k);
            T.Store(du, dup + k);
        }

        if (k < size)
        {
            int rest = size - k;
            (T dg, T du) = Step(Partial.Load<T>(gate + k, rest), Partial.Load<T>(up + k, rest), Partial.Load<T>(dy + k, rest));
            Partial.Store(dg, dgate + k, rest);
            Partial.Store(du, dup + k, rest);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (T Gate, T Up) Step<T>(T g, T u, T dy)
        where T : unmanaged, ILanes<T>
    {
        T one = T.Broadcast(1f);
        T sigmoid = one / (one + Exponential.Exp(T.Zero - g));
        T slope = sigmoid * T.MultiplyAdd(g, one - sigmoid, one);
        return (dy * u * slope, dy * g * sigmoid);
    }
}
