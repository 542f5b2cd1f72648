using System.Runtime.CompilerServices;

namespace SkPeft.Tensors.Kernels;

/// <summary>Cuts a row-major matrix into strips: to[strip][k][line] = from[k][strip · width + line].</summary>
internal static unsafe class StripCopier
{
    public static void Copy(float* from, long stride, int used, int depth, float* to, int width)
    {
        switch (width)
        {
            case 2:
                Copy<LineOf2>(from, stride, used, depth, to);
                break;
            case 6:
                Copy<LineOf6>(from, stride, used, depth, to);
                break;
            case 12:
                Copy<LineOf12>(from, stride, used, depth, to);
                break;
            case 16:
                Copy<LineOf16>(from, stride, used, depth, to);
                break;
            default:
                Copy<LineOf32>(from, stride, used, depth, to);
                break;
        }
    }

    // Row by row across all strips: neighbouring strips share cache lines and pages.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Copy<TLine>(float* from, long stride, int used, int depth, float* to)
        where TLine : unmanaged, ILine
    {
        long next = (long)depth * TLine.Width;
        int strips = used / TLine.Width;
        int rest = used % TLine.Width;
        for (int k = 0; k < depth; k++, from += stride, to += TLine.Width)
        {
            float* source = from;
            float* strip = to;
            for (int s = 0; s < strips; s++, source += TLine.Width, strip += next)
            {
                TLine.Copy(source, strip);
            }

            for (int i = 0; i < rest; i++)
            {
                strip[i] = source[i];
            }
        }
    }
}
