using System.Runtime.CompilerServices;

namespace SkPeft.Tensors.Kernels;

/// <summary>The kernels of one format and one width of vectors.</summary>
/// <remarks>
/// AggressiveOptimization here and on the loops below: a model is often opened for one answer, and unoptimised vector code is a
/// hundred times slower while it waits for the tiers. What the loops call is inlined, so nothing is lost.
/// </remarks>
internal sealed unsafe class PanelKernelOf<TFormat, TLanes, TStep, TSum, TScale> : PanelKernel
    where TFormat : unmanaged, IPanelFormat<TLanes, TStep, TSum, TScale>
    where TLanes : unmanaged, ILanes<TLanes>
    where TStep : unmanaged
    where TSum : unmanaged
    where TScale : unmanaged
{
    public override int BlockInputs => TFormat.BlockInputs;

    public override int BlockBytes => (TFormat.Steps * TFormat.StepBytes) + TFormat.ScaleBytes;

    public override int BlockWords => (TFormat.Steps * TFormat.StepWords) + TFormat.ScaleWords;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void PackInputs(float* x, int inputs, float narrow, int* to, int columns)
    {
        int whole = inputs / BlockInputs;
        for (int b = 0; b < whole; b++, x += BlockInputs, to += (long)BlockWords * columns)
        {
            TFormat.PackInputs(x, narrow, to, columns);
        }

        int rest = inputs - (whole * BlockInputs);
        if (rest > 0)
        {
            float* padded = stackalloc float[BlockInputs];
            new Span<float>(padded, BlockInputs).Clear();
            new Span<float>(x, rest).CopyTo(new Span<float>(padded, rest));
            TFormat.PackInputs(padded, narrow, to, columns);
        }
    }

    public override void Multiply(int columns, byte* panel, int* x, int blocks, float* sums)
    {
        switch (columns)
        {
            case 1:
                Tile1<TFormat, TLanes, TStep, TSum, TScale>.Run(panel, x, blocks, sums);
                break;
            case 2:
                Tile2<TFormat, TLanes, TStep, TSum, TScale>.Run(panel, x, blocks, sums);
                break;
            case 4:
                Tile4<TFormat, TLanes, TStep, TSum, TScale>.Run(panel, x, blocks, sums);
                break;
            default:
                Tile8<TFormat, TLanes, TStep, TSum, TScale>.Run(panel, x, blocks, sums);
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Decode(byte* panel, int blocks, float* to, int stride)
    {
        for (int b = 0; b < blocks; b++, panel += BlockBytes, to += (long)BlockInputs * stride)
        {
            TFormat.Decode(panel, to, stride);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Deliver(float* sums, int columns, int rows, float* y, long strideY, bool accumulate)
    {
        for (int c = 0; c < columns; c++, sums += ILanes<TLanes>.Count, y += strideY)
        {
            if (rows == ILanes<TLanes>.Count)
            {
                TLanes sum = TLanes.Load(sums);
                TLanes.Store(accumulate ? TLanes.Load(y) + sum : sum, y);
                continue;
            }

            for (int r = 0; r < rows; r++)
            {
                y[r] = accumulate ? y[r] + sums[r] : sums[r];
            }
        }
    }
}
