using System.Runtime.CompilerServices;

namespace SkPeft.Tensors.Kernels;

/// <summary>
/// A row of attention scores in training. Rows have room for whole vectors: what lies between the visible scores and the end of
/// their last vector is masked here, so that no lane needs a path of its own.
/// </summary>
internal static unsafe class ScoreKernel
{
    /// <summary>x = softmax(scale · x); returns the logarithm of the sum of the exponentials.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float Softmax<T>(float* x, float scale, int visible)
        where T : unmanaged, ILanes<T>
    {
        Mask(x, visible, float.NegativeInfinity);
        T factor = T.Broadcast(scale);
        T largest = T.Broadcast(float.NegativeInfinity);
        for (int k = 0; k < visible; k += ILanes<T>.Count)
        {
            largest = T.Max(largest, T.Load(x + k) * factor);
        }

        float most = T.Largest(largest);
        T shift = T.Broadcast(most);
        T sum = T.Zero;
        for (int k = 0; k < visible; k += ILanes<T>.Count)
        {
            T e = Exponential.Exp((T.Load(x + k) * factor) - shift);
            T.Store(e, x + k);
            sum += e;
        }

        float total = T.Sum(sum);
        T inverse = T.Broadcast(1f / total);
        for (int k = 0; k < visible; k += ILanes<T>.Count)
        {
            T.Store(T.Load(x + k) * inverse, x + k);
        }

        return most + MathF.Log(total);
    }

    /// <summary>
    /// From scores to probabilities, x = exp(scale · x − logSum), and from the gradient of the probabilities to that of the
    /// scores: dx = scale · x · (dx − mean).
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Gradient<T>(float* x, float* dx, float scale, float logSum, float mean, int visible)
        where T : unmanaged, ILanes<T>
    {
        Mask(x, visible, float.NegativeInfinity);
        Mask(dx, visible, 0);
        T factor = T.Broadcast(scale);
        T shift = T.Broadcast(logSum);
        T minus = T.Broadcast(mean);
        for (int k = 0; k < visible; k += ILanes<T>.Count)
        {
            T p = Exponential.Exp((T.Load(x + k) * factor) - shift);
            T.Store(p, x + k);
            T.Store(factor * p * (T.Load(dx + k) - minus), dx + k);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Mask(float* x, int visible, float value)
    {
        for (int k = visible; k % 16 != 0; k++)
        {
            x[k] = value;
        }
    }
}
