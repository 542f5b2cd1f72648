using System.Runtime.CompilerServices;

namespace SkPeft.Tensors.Kernels;

/// <summary>A panel times one column of activations: decoding.</summary>
internal static unsafe class Tile1<TFormat, TLanes, TStep, TSum, TScale>
    where TFormat : unmanaged, IPanelFormat<TLanes, TStep, TSum, TScale>
    where TLanes : unmanaged, ILanes<TLanes>
    where TStep : unmanaged
    where TSum : unmanaged
    where TScale : unmanaged
{
    /// <summary>Writes [16 rows] sums.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(byte* panel, int* x, int blocks, float* sums)
    {
        TLanes total = TLanes.Zero;
        for (int b = 0; b < blocks; b++)
        {
            Prefetch.Ahead(panel, (TFormat.Steps * TFormat.StepBytes) + TFormat.ScaleBytes);
            TSum sum = TFormat.Begin(total);
            for (int i = 0; i < TFormat.Steps; i++)
            {
                sum = TFormat.Add(sum, TFormat.LoadStep(panel), x, 1);
                panel += TFormat.StepBytes;
                x += TFormat.StepWords;
            }

            total = TFormat.End(total, sum, TFormat.LoadScale(panel), (float*)x, 1);
            panel += TFormat.ScaleBytes;
            x += TFormat.ScaleWords;
        }

        TLanes.Store(total, sums);
    }
}
