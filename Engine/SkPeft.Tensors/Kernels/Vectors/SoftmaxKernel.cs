using System.Runtime.CompilerServices;

namespace SkPeft.Tensors.Kernels;

/// <summary>Softmax and its parts. The maximum is always subtracted, so large values stay finite.</summary>
internal static unsafe class SoftmaxKernel
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<T>(float* x, int size)
        where T : unmanaged, ILanes<T>
    {
        if (size > 0)
        {
            ElementwiseKernels.Scale<T>(1f / ExpShifted<T>(x, Largest<T>(x, size), size), x, size);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float Largest<T>(float* x, int size)
        where T : unmanaged, ILanes<T>
    {
        T largest = T.Broadcast(float.NegativeInfinity);
        int k = 0;
        for (; k + 16 <= size; k += 16)
        {
            largest = T.Max(largest, T.Load(x + k));
        }

        if (k < size)
        {
            largest = T.Max(largest, Partial.Load<T>(x + k, size - k, float.NegativeInfinity));
        }

        return T.Largest(largest);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float ExpShifted<T>(float* x, float shift, int size)
        where T : unmanaged, ILanes<T>
    {
        T minus = T.Broadcast(shift);
        T sum = T.Zero;
        int k = 0;
        for (; k + 16 <= size; k += 16)
        {
            T e = Exponential.Exp(T.Load(x + k) - minus);
            T.Store(e, x + k);
            sum += e;
        }

        if (k < size)
        {
            // Padding of −∞ adds e⁻∞ = 0.
            T e = Exponential.Exp(Partial.Load<T>(x + k, size - k, float.NegativeInfinity) - minus);
            Partial.Store(e, x + k, size - k);
            sum += e;
        }

        return T.Sum(sum);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double SumExpShifted<T>(float* x, float shift, int size)
        where T : unmanaged, ILanes<T>
    {
        // fp32 sums of up to 1024 terms, then double: the rounding of a whole vocabulary's sum stays near 1e-7.
        const int Stretch = 1024;
        T minus = T.Broadcast(shift);
        double total = 0;
        for (int start = 0; start < size; start += Stretch)
        {
            int end = Math.Min(start + Stretch, size);
            T sum = T.Zero;
            int k = start;
            for (; k + 16 <= end; k += 16)
            {
                sum += Exponential.Exp(T.Load(x + k) - minus);
            }

            if (k < end)
            {
                sum += Exponential.Exp(Partial.Load<T>(x + k, end - k, float.NegativeInfinity) - minus);
            }

            total += T.Sum(sum);
        }

        return total;
    }
}
