namespace SkPeft.Tensors.Kernels;

/// <summary>Tiles for 16 registers of 256 bits.</summary>
internal sealed unsafe class MiddleMicroKernel() : MicroKernel(MostRows, columns: 16)
{
    /// <summary>Rows of the largest tile.</summary>
    public const int MostRows = 6;

    protected override void RunTile(int rows, int depth, TileInput a, float* b, long strideB, float* c, long strideC, bool accumulate)
    {
        switch (rows)
        {
            case 1:
                MiddleTile<OneRow>.Run(depth, a, b, strideB, c, strideC, accumulate);
                break;
            case 2:
                MiddleTile<TwoRows>.Run(depth, a, b, strideB, c, strideC, accumulate);
                break;
            case 3:
                MiddleTile<ThreeRows>.Run(depth, a, b, strideB, c, strideC, accumulate);
                break;
            case 4:
                MiddleTile<FourRows>.Run(depth, a, b, strideB, c, strideC, accumulate);
                break;
            case 5:
                MiddleTile<FiveRows>.Run(depth, a, b, strideB, c, strideC, accumulate);
                break;
            default:
                MiddleTile<SixRows>.Run(depth, a, b, strideB, c, strideC, accumulate);
                break;
        }
    }
}
