namespace SkPeft.Tensors.Kernels;

/// <summary>Tiles for 32 registers.</summary>
internal sealed unsafe class WideMicroKernel<T>() : MicroKernel(rows: 12, columns: 32)
    where T : unmanaged, ILanes<T>
{
    protected override void RunTile(int rows, int depth, TileInput a, float* b, long strideB, float* c, long strideC, bool accumulate)
    {
        switch (rows)
        {
            case 1:
                WideTile<T, OneRow>.Run(depth, a, b, strideB, c, strideC, accumulate);
                break;
            case 2:
                WideTile<T, TwoRows>.Run(depth, a, b, strideB, c, strideC, accumulate);
                break;
            case 3:
                WideTile<T, ThreeRows>.Run(depth, a, b, strideB, c, strideC, accumulate);
                break;
            case 4:
                WideTile<T, FourRows>.Run(depth, a, b, strideB, c, strideC, accumulate);
                break;
            case 5:
                WideTile<T, FiveRows>.Run(depth, a, b, strideB, c, strideC, accumulate);
                break;
            case 6:
                WideTile<T, SixRows>.Run(depth, a, b, strideB, c, strideC, accumulate);
                break;
            case 7:
                WideTile<T, SevenRows>.Run(depth, a, b, strideB, c, strideC, accumulate);
                break;
            case 8:
                WideTile<T, EightRows>.Run(depth, a, b, strideB, c, strideC, accumulate);
                break;
            case 9:
                WideTile<T, NineRows>.Run(depth, a, b, strideB, c, strideC, accumulate);
                break;
            case 10:
                WideTile<T, TenRows>.Run(depth, a, b, strideB, c, strideC, accumulate);
                break;
            case 11:
                WideTile<T, ElevenRows>.Run(depth, a, b, strideB, c, strideC, accumulate);
                break;
            default:
                WideTile<T, TwelveRows>.Run(depth, a, b, strideB, c, strideC, accumulate);
                break;
        }
    }
}
