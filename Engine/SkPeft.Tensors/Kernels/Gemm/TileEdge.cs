using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace SkPeft.Tensors.Kernels;

/// <summary>Moves a tile to where it belongs, without the rows and columns that C does not have.</summary>
internal static unsafe class TileEdge
{
    /// <summary>c[r, j] (+)= tile[r, j].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Deliver(float* tile, int strideTile, int rows, int columns, float* c, long strideC, bool accumulate)
    {
        for (int r = 0; r < rows; r++, tile += strideTile, c += strideC)
        {
            DeliverRow(tile, columns, c, accumulate);
        }
    }

    /// <summary>c[j, r] (+)= tile[r, j].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void DeliverTransposed(float* tile, int strideTile, int rows, int columns, float* c, long strideC, bool accumulate)
    {
        const int Side = 4;
        float* turned = stackalloc float[Side * Side];
        for (int j = 0; j < columns; j += Side)
        {
            for (int r = 0; r < rows; r += Side)
            {
                // The tile has whole squares, whatever C has.
                Transpose4.Run(tile + (r * strideTile) + j, strideTile, turned, Side);
                float* to = c + (j * strideC) + r;
                for (int line = 0; line < Math.Min(Side, columns - j); line++)
                {
                    DeliverRow(turned + (line * Side), Math.Min(Side, rows - r), to + (line * strideC), accumulate);
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void DeliverRow(float* from, int count, float* to, bool accumulate)
    {
        int j = 0;
        for (; j + 4 <= count; j += 4)
        {
            Vector128<float> v = Vector128.Load(from + j);
            (accumulate ? Vector128.Load(to + j) + v : v).Store(to + j);
        }

        for (; j < count; j++)
        {
            to[j] = accumulate ? to[j] + from[j] : from[j];
        }
    }
}
