using System.Runtime.CompilerServices;

namespace SkPeft.Tensors.Kernels;

/// <summary>y += a·x, x *= a, y *= x, y += b·(1 − x).</summary>
internal static unsafe class ElementwiseKernels
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Axpy<T>(float factor, float* x, float* y, int size)
        where T : unmanaged, ILanes<T>
    {
        T a = T.Broadcast(factor);
        int k = 0;
        for (; k + 16 <= size; k += 16)
        {
            T.Store(T.MultiplyAdd(a, T.Load(x + k), T.Load(y + k)), y + k);
        }

        if (k < size)
        {
            int rest = size - k;
            Partial.Store(T.MultiplyAdd(a, Partial.Load<T>(x + k, rest), Partial.Load<T>(y + k, rest)), y + k, rest);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Scale<T>(float factor, float* x, int size)
        where T : unmanaged, ILanes<T>
    {
        T a = T.Broadcast(factor);
        int k = 0;
        for (; k + 16 <= size; k += 16)
        {
            T.Store(a * T.Load(x + k), x + k);
        }

        for (; k < size; k++)
        {
            x[k] *= factor;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply<T>(float* x, float* y, int size)
        where T : unmanaged, ILanes<T>
    {
        int k = 0;
        for (; k + 16 <= size; k += 16)
        {
            T.Store(T.Load(x + k) * T.Load(y + k), y + k);
        }

        for (; k < size; k++)
        {
            y[k] *= x[k];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Restore<T>(float* x, float* bias, float* y, int size)
        where T : unmanaged, ILanes<T>
    {
        T one = T.Broadcast(1);
        int k = 0;
        for (; k + 16 <= size; k += 16)
        {
            T.Store(T.Load(y + k) + (T.Load(bias + k) * (one - T.Load(x + k))), y + k);
        }

        for (; k < size; k++)
        {
            y[k] += bias[k] * (1 - x[k]);
        }
    }
}
