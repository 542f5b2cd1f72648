using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace SkPeft.Tensors.Kernels;

/// <summary>Transposes 4 × 4 floats.</summary>
internal static unsafe class Transpose4
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run(float* from, long strideFrom, float* to, long strideTo)
    {
        Vector128<float> a = Vector128.Load(from);
        Vector128<float> b = Vector128.Load(from + strideFrom);
        Vector128<float> c = Vector128.Load(from + (2 * strideFrom));
        Vector128<float> d = Vector128.Load(from + (3 * strideFrom));
        Vector128<float> lowAc = Low(a, c);
        Vector128<float> lowBd = Low(b, d);
        Vector128<float> highAc = High(a, c);
        Vector128<float> highBd = High(b, d);
        Low(lowAc, lowBd).Store(to);
        High(lowAc, lowBd).Store(to + strideTo);
        Low(highAc, highBd).Store(to + (2 * strideTo));
        High(highAc, highBd).Store(to + (3 * strideTo));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Low(Vector128<float> x, Vector128<float> y)
    {
        if (Sse.IsSupported)
        {
            return Sse.UnpackLow(x, y);
        }

        return AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipLow(x, y) : Vector128.Create(x[0], y[0], x[1], y[1]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> High(Vector128<float> x, Vector128<float> y)
    {
        if (Sse.IsSupported)
        {
            return Sse.UnpackHigh(x, y);
        }

        return AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipHigh(x, y) : Vector128.Create(x[2], y[2], x[3], y[3]);
    }
}
