namespace SkPeft.Tensors.Kernels;

/// <summary>Tiles for 16 registers of 128 bits.</summary>
internal sealed unsafe class NarrowMicroKernel<T>() : MicroKernel(rows: 2, columns: 16)
    where T : unmanaged, ILanes<T>
{
    protected override void RunTile(int rows, int depth, TileInput a, float* b, long strideB, float* c, long strideC, bool accumulate)
    {
        if (rows == 1)
        {
            NarrowTile<T, OneRow>.Run(depth, a, b, strideB, c, strideC, accumulate);
        }
        else
        {
            NarrowTile<T, TwoRows>.Run(depth, a, b, strideB, c, strideC, accumulate);
        }
    }
}
