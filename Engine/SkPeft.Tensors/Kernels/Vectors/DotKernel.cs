using System.Runtime.CompilerServices;

namespace SkPeft.Tensors.Kernels;

/// <summary>Σ x·y.</summary>
internal static unsafe class DotKernel
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float Run<T>(float* x, float* y, int size)
        where T : unmanaged, ILanes<T>
    {
        T even = T.Zero;
        T odd = T.Zero;
        int k = 0;
        for (; k + 32 <= size; k += 32)
        {
            even = T.MultiplyAdd(T.Load(x + k), T.Load(y + k), even);
            odd = T.MultiplyAdd(T.Load(x + k + 16), T.Load(y + k + 16), odd);
        }

        if (k + 16 <= size)
        {
            even = T.MultiplyAdd(T.Load(x + k), T.Load(y + k), even);
            k += 16;
        }

        if (k < size)
        {
            odd = T.MultiplyAdd(Partial.Load<T>(x + k, size - k), Partial.Load<T>(y + k, size - k), odd);
        }

        return T.Sum(even + odd);
    }
}
