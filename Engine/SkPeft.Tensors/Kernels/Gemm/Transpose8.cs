using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace SkPeft.Tensors.Kernels;

/// <summary>Transposes 8 lines × 4 floats: twice <see cref="Transpose4"/>, in one 256-bit register where there are such.</summary>
internal static unsafe class Transpose8
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run(float* from, long strideFrom, float* to, long strideTo)
    {
        if (!Avx.IsSupported)
        {
            Transpose4.Run(from, strideFrom, to, strideTo);
            Transpose4.Run(from + (4 * strideFrom), strideFrom, to + 4, strideTo);
            return;
        }

        Vector256<float> a = Pair(from, strideFrom);
        Vector256<float> b = Pair(from + strideFrom, strideFrom);
        Vector256<float> c = Pair(from + (2 * strideFrom), strideFrom);
        Vector256<float> d = Pair(from + (3 * strideFrom), strideFrom);
        Vector256<float> lowAc = Avx.UnpackLow(a, c);
        Vector256<float> lowBd = Avx.UnpackLow(b, d);
        Vector256<float> highAc = Avx.UnpackHigh(a, c);
        Vector256<float> highBd = Avx.UnpackHigh(b, d);
        Avx.UnpackLow(lowAc, lowBd).Store(to);
        Avx.UnpackHigh(lowAc, lowBd).Store(to + strideTo);
        Avx.UnpackLow(highAc, highBd).Store(to + (2 * strideTo));
        Avx.UnpackHigh(highAc, highBd).Store(to + (3 * strideTo));
    }

    // A line, and the one four further.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Pair(float* from, long stride) =>
        Vector256.Create(Vector128.Load(from), Vector128.Load(from + (4 * stride)));
}
