namespace SkPeft.Tensors.Kernels;

/// <summary>Tiles for 16 registers.</summary>
internal sealed unsafe class NarrowMicroKernel<T>(int rows) : MicroKernel(rows, ILanes<T>.Count)
    where T : unmanaged, ILanes<T>
{
    protected override void RunTile(int rows, int depth, TileInput a, float* b, long strideB, float* c, long strideC, bool accumulate)
    {
        switch (rows)
        {
            case 1:
                NarrowTile<T, OneRow>.Run(depth, a, b, strideB, c, strideC, accumulate);
                break;
            case 2:
                NarrowTile<T, TwoRows>.Run(depth, a, b, strideB, c, strideC, accumulate);
                break;
            case 3:
                NarrowTile<T, ThreeRows>.Run(depth, a, b, strideB, c, strideC, accumulate);
                break;
            case 4:
                NarrowTile<T, FourRows>.Run(depth, a, b, strideB, c, strideC, accumulate);
                break;
            case 5:
                NarrowTile<T, FiveRows>.Run(depth, a, b, strideB, c, strideC, accumulate);
                break;
            default:
                NarrowTile<T, SixRows>.Run(depth, a, b, strideB, c, strideC, accumulate);
                break;
        }
    }
}
