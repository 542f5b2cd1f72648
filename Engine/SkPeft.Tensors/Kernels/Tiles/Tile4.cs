using System.Runtime.CompilerServices;

namespace SkPeft.Tensors.Kernels;

/// <summary>A panel times four columns of activations.</summary>
internal static unsafe class Tile4<TFormat, TLanes, TStep, TSum, TScale>
    where TFormat : unmanaged, IPanelFormat<TLanes, TStep, TSum, TScale>
    where TLanes : unmanaged, ILanes<TLanes>
    where TStep : unmanaged
    where TSum : unmanaged
    where TScale : unmanaged
{
    private const int Columns = 4;

    /// <summary>Writes [4 columns][16 rows] sums.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(byte* panel, int* x, int blocks, float* sums)
    {
        TLanes t0 = TLanes.Zero, t1 = TLanes.Zero, t2 = TLanes.Zero, t3 = TLanes.Zero;
        for (int b = 0; b < blocks; b++)
        {
            Prefetch.Ahead(panel, (TFormat.Steps * TFormat.StepBytes) + TFormat.ScaleBytes);
            TSum s0 = TFormat.Begin(t0), s1 = TFormat.Begin(t1), s2 = TFormat.Begin(t2), s3 = TFormat.Begin(t3);
            for (int i = 0; i < TFormat.Steps; i++)
            {
                TStep w = TFormat.LoadStep(panel);
                s0 = TFormat.Add(s0, w, x, Columns);
                s1 = TFormat.Add(s1, w, x + 1, Columns);
                s2 = TFormat.Add(s2, w, x + 2, Columns);
                s3 = TFormat.Add(s3, w, x + 3, Columns);
                panel += TFormat.StepBytes;
                x += TFormat.StepWords * Columns;
            }

            TScale scale = TFormat.LoadScale(panel);
            float* scales = (float*)x;
            t0 = TFormat.End(t0, s0, scale, scales, Columns);
            t1 = TFormat.End(t1, s1, scale, scales + 1, Columns);
            t2 = TFormat.End(t2, s2, scale, scales + 2, Columns);
            t3 = TFormat.End(t3, s3, scale, scales + 3, Columns);
            panel += TFormat.ScaleBytes;
            x += TFormat.ScaleWords * Columns;
        }

        TLanes.Store(t0, sums);
        TLanes.Store(t1, sums + 16);
        TLanes.Store(t2, sums + 32);
        TLanes.Store(t3, sums + 48);
    }
}
