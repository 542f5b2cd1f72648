namespace SkPeft.Tensors.Kernels;

/// <summary>Tiles for 32 registers.</summary>
internal sealed unsafe class WideMicroKernel<T>() : MicroKernel(WideTile<T, TwelveRows>.StrideA, columns: 32)
    where T : unmanaged, ILanes<T>
{
    protected override int TileFor(int rows) => rows <= 4 ? 4 : rows <= 8 ? 8 : 12;

    protected override void RunTile(int rows, int depth, float* a, float* b, long strideB, float* c, long strideC, bool accumulate)
    {
        switch (rows)
        {
            case 4:
                WideTile<T, FourRows>.Run(depth, a, b, strideB, c, strideC, accumulate);
                break;
            case 8:
                WideTile<T, EightRows>.Run(depth, a, b, strideB, c, strideC, accumulate);
                break;
            default:
                WideTile<T, TwelveRows>.Run(depth, a, b, strideB, c, strideC, accumulate);
                break;
        }
    }
}
