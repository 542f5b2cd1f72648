using System.Runtime.CompilerServices;

namespace SkPeft.Tensors.Kernels;

/// <summary>A panel times two columns of activations.</summary>
internal static unsafe class Tile2<TFormat, TLanes, TStep, TSum, TScale>
    where TFormat : unmanaged, IPanelFormat<TLanes, TStep, TSum, TScale>
    where TLanes : unmanaged, ILanes<TLanes>
    where TStep : unmanaged
    where TSum : unmanaged
    where TScale : unmanaged
{
    private const int Columns = 2;

    /// <summary>Writes [2 columns][16 rows] sums.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(byte* panel, int* x, int blocks, float* sums)
    {
        TLanes t0 = TLanes.Zero, t1 = TLanes.Zero;
        for (int b = 0; b < blocks; b++)
        {
            Prefetch.Ahead(panel, (TFormat.Steps * TFormat.StepBytes) + TFormat.ScaleBytes);
            TSum s0 = TFormat.Begin(t0), s1 = TFormat.Begin(t1);
            for (int i = 0; i < TFormat.Steps; i++)
            {
                TStep w = TFormat.LoadStep(panel);
                s0 = TFormat.Add(s0, w, x, Columns);
                s1 = TFormat.Add(s1, w, x + 1, Columns);
                panel += TFormat.StepBytes;
                x += TFormat.StepWords * Columns;
            }

            TScale scale = TFormat.LoadScale(panel);
            float* scales = (float*)x;
            t0 = TFormat.End(t0, s0, scale, scales, Columns);
            t1 = TFormat.End(t1, s1, scale, scales + 1, Columns);
            panel += TFormat.ScaleBytes;
            x += TFormat.ScaleWords * Columns;
        }

        TLanes.Store(t0, sums);
        TLanes.Store(t1, sums + 16);
    }
}
