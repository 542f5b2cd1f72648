using System.Runtime.CompilerServices;

namespace SkPeft.Tensors.Kernels;

/// <summary>Root-mean-square normalisation (Zhang and Sennrich 2019).</summary>
internal static unsafe class RmsNormKernel
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<T>(float* x, float* weight, float epsilon, float* y, int size)
        where T : unmanaged, ILanes<T>
    {
        float factor = Factor<T>(x, epsilon, size);
        T scale = T.Broadcast(factor);
        int k = 0;
        for (; k + 16 <= size; k += 16)
        {
            T.Store(T.Load(x + k) * scale * T.Load(weight + k), y + k);
        }

        for (; k < size; k++)
        {
            y[k] = x[k] * factor * weight[k];
        }
    }

    /// <summary>What the row is multiplied with.</summary>
    public static float Factor<T>(float* x, float epsilon, int size)
        where T : unmanaged, ILanes<T> => 1f / MathF.Sqrt((DotKernel.Run<T>(x, x, size) / size) + epsilon);
}
