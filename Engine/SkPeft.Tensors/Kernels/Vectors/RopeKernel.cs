using System.Runtime.CompilerServices;

namespace SkPeft.Tensors.Kernels;

/// <summary>Rotary positions (Su et al. 2021) in the rotate-half order of Hugging Face's LLaMA: pairs (d, d + headDim/2).</summary>
internal static unsafe class RopeKernel
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<T>(float* head, float* cosines, float* sines, int half)
        where T : unmanaged, ILanes<T>
    {
        float* upper = head + half;
        int d = 0;
        for (; d + 16 <= half; d += 16)
        {
            T a = T.Load(head + d);
            T b = T.Load(upper + d);
            T cos = T.Load(cosines + d);
            T sin = T.Load(sines + d);
            T.Store((a * cos) - (b * sin), head + d);
            T.Store((b * cos) + (a * sin), upper + d);
        }

        for (; d < half; d++)
        {
            float a = head[d];
            float b = upper[d];
            head[d] = (a * cosines[d]) - (b * sines[d]);
            upper[d] = (b * cosines[d]) + (a * sines[d]);
        }
    }

    /// <summary>The transposed rotation, by the negative angle.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void RunTransposed<T>(float* head, float* cosines, float* sines, int half)
        where T : unmanaged, ILanes<T>
    {
        float* upper = head + half;
        int d = 0;
        for (; d + 16 <= half; d += 16)
        {
            T a = T.Load(head + d);
            T b = T.Load(upper + d);
            T cos = T.Load(cosines + d);
            T sin = T.Load(sines + d);
            T.Store((a * cos) + (b * sin), head + d);
            T.Store((b * cos) - (a * sin), upper + d);
        }

        for (; d < half; d++)
        {
            float a = head[d];
            float b = upper[d];
            head[d] = (a * cosines[d]) + (b * sines[d]);
            upper[d] = (b * cosines[d]) - (a * sines[d]);
        }
    }
}
