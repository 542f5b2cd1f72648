using System.Runtime.CompilerServices;

namespace SkPeft.Tensors.Kernels;

/// <summary>
/// Gradient of y = f·x·w with f = 1/√(mean(x²) + ε): dx = f·w·dy − x·f³/size·Σ(w·dy·x), dw = Σ over rows of f·x·dy.
/// </summary>
internal static unsafe class RmsNormGradientKernel
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<T>(float* x, float* weight, float factor, float* dy, float* dx, bool accumulate, int size)
        where T : unmanaged, ILanes<T>
    {
        float common = factor * factor * factor * Sum<T>(x, weight, dy, size) / size;
        T f = T.Broadcast(factor);
        T c = T.Broadcast(-common);
        int k = 0;
        for (; k + 16 <= size; k += 16)
        {
            T d = T.MultiplyAdd(T.Load(x + k), c, f * T.Load(weight + k) * T.Load(dy + k));
            T.Store(accumulate ? T.Load(dx + k) + d : d, dx + k);
        }

        for (; k < size; k++)
        {
            float d = (factor * weight[k] * dy[k]) - (x[k] * common);
            dx[k] = accumulate ? dx[k] + d : d;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddProducts<T>(float factor, float* x, float* y, float* sum, int size)
        where T : unmanaged, ILanes<T>
    {
        T f = T.Broadcast(factor);
        int k = 0;
        for (; k + 16 <= size; k += 16)
        {
            T.Store(T.MultiplyAdd(f * T.Load(x + k), T.Load(y + k), T.Load(sum + k)), sum + k);
        }

        if (k < size)
        {
            int rest = size - k;
            T last = T.MultiplyAdd(f * Partial.Load<T>(x + k, rest), Partial.Load<T>(y + k, rest), Partial.Load<T>(sum + k, rest));
            Partial.Store(last, sum + k, rest);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Sum<T>(float* x, float* weight, float* dy, int size)
        where T : unmanaged, ILanes<T>
    {
        T sum = T.Zero;
        int k = 0;
        for (; k + 16 <= size; k += 16)
        {
            sum = T.MultiplyAdd(T.Load(weight + k) * T.Load(dy + k), T.Load(x + k), sum);
        }

        if (k < size)
        {
            int rest = size - k;
            sum = T.MultiplyAdd(Partial.Load<T>(weight + k, rest) * Partial.Load<T>(dy + k, rest), Partial.Load<T>(x + k, rest), sum);
        }

        return T.Sum(sum);
    }
}
