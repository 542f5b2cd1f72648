using System.Runtime.CompilerServices;

namespace SkPeft.Tensors.Kernels;

/// <summary>A panel times eight columns of activations.</summary>
internal static unsafe class Tile8<TFormat, TLanes, TStep, TSum, TScale>
    where TFormat : unmanaged, IPanelFormat<TLanes, TStep, TSum, TScale>
    where TLanes : unmanaged, ILanes<TLanes>
    where TStep : unmanaged
    where TSum : unmanaged
    where TScale : unmanaged
{
    private const int Columns = 8;

    /// <summary>Writes [8 columns][16 rows] sums.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(byte* panel, int* x, int blocks, float* sums)
    {
        TLanes t0 = TLanes.Zero, t1 = TLanes.Zero, t2 = TLanes.Zero, t3 = TLanes.Zero;
        TLanes t4 = TLanes.Zero, t5 = TLanes.Zero, t6 = TLanes.Zero, t7 = TLanes.Zero;
        for (int b = 0; b < blocks; b++)
        {
            Prefetch.Ahead(panel, (TFormat.Steps * TFormat.StepBytes) + TFormat.ScaleBytes);
            TSum s0 = TFormat.Begin(t0), s1 = TFormat.Begin(t1), s2 = TFormat.Begin(t2), s3 = TFormat.Begin(t3);
            TSum s4 = TFormat.Begin(t4), s5 = TFormat.Begin(t5), s6 = TFormat.Begin(t6), s7 = TFormat.Begin(t7);
            for (int i = 0; i < TFormat.Steps; i++)
            {
                TStep w = TFormat.LoadStep(panel);
                s0 = TFormat.Add(s0, w, x, Columns);
                s1 = TFormat.Add(s1, w, x + 1, Columns);
                s2 = TFormat.Add(s2, w, x + 2, Columns);
                s3 = TFormat.Add(s3, w, x + 3, Columns);
                s4 = TFormat.Add(s4, w, x + 4, Columns);
                s5 = TFormat.Add(s5, w, x + 5, Columns);
                s6 = TFormat.Add(s6, w, x + 6, Columns);
                s7 = TFormat.Add(s7, w, x + 7, Columns);
                panel += TFormat.StepBytes;
                x += TFormat.StepWords * Columns;
            }

            TScale scale = TFormat.LoadScale(panel);
            float* scales = (float*)x;
            t0 = TFormat.End(t0, s0, scale, scales, Columns);
            t1 = TFormat.End(t1, s1, scale, scales + 1, Columns);
            t2 = TFormat.End(t2, s2, scale, scales + 2, Columns);
            t3 = TFormat.End(t3, s3, scale, scales + 3, Columns);
            t4 = TFormat.End(t4, s4, scale, scales + 4, Columns);
            t5 = TFormat.End(t5, s5, scale, scales + 5, Columns);
            t6 = TFormat.End(t6, s6, scale, scales + 6, Columns);
            t7 = TFormat.End(t7, s7, scale, scales + 7, Columns);
            panel += TFormat.ScaleBytes;
            x += TFormat.ScaleWords * Columns;
        }

        TLanes.Store(t0, sums);
        TLanes.Store(t1, sums + 16);
        TLanes.Store(t2, sums + 32);
        TLanes.Store(t3, sums + 48);
        TLanes.Store(t4, sums + 64);
        TLanes.Store(t5, sums + 80);
        TLanes.Store(t6, sums + 96);
        TLanes.Store(t7, sums + 112);
    }
}
