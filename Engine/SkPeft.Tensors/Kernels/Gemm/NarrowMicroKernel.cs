namespace SkPeft.Tensors.Kernels;

/// <summary>Tiles for 16 registers.</summary>
internal sealed unsafe class NarrowMicroKernel<T>(int rows) : MicroKernel(rows, ILanes<T>.Count)
    where T : unmanaged, ILanes<T>
{
    protected override int TileFor(int rows) => (rows + 1) / 2 * 2;

    protected override void RunTile(int rows, int depth, float* a, float* b, long strideB, float* c, long strideC, bool accumulate)
    {
        switch (rows)
        {
            case 2:
                NarrowTile<T, TwoRows>.Run(depth, a, Rows, b, strideB, c, strideC, accumulate);
                break;
            case 4:
                NarrowTile<T, FourRows>.Run(depth, a, Rows, b, strideB, c, strideC, accumulate);
                break;
            default:
                NarrowTile<T, SixRows>.Run(depth, a, Rows, b, strideB, c, strideC, accumulate);
                break;
        }
    }
}
