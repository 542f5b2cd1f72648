namespace SkPeft.Tensors.Kernels;

/// <summary>
/// A small block of C held in registers: C[Rows, Columns] (+)= Σ over k of A [Rows][k] · B [k][Columns]. Fewer rows run a tile of
/// fewer rows, which reads no others: A may lie where it is.
/// </summary>
internal abstract unsafe class MicroKernel(int rows, int columns)
{
    private static readonly MicroKernel[] s_all =
    [
        new NarrowMicroKernel<Lanes128>(),
        new MiddleMicroKernel(),
        new WideMicroKernel<Lanes512>(),
    ];

    /// <summary>Rows of the largest tile.</summary>
    public int Rows { get; } = rows;

    /// <summary>Columns of the tile.</summary>
    public int Columns { get; } = columns;

    public static MicroKernel Get(InstructionSet set) => s_all[(int)set.Vectors()];

    /// <summary>Computes a block of which only some rows and columns belong to C.</summary>
    /// <param name="rows">Rows of the block that belong to C.</param>
    /// <param name="columns">Columns that belong to C.</param>
    /// <param name="depth">Steps of the sum.</param>
    /// <param name="a">The rows of A.</param>
    /// <param name="b">B; where it is packed the stride is <see cref="Columns"/>.</param>
    /// <param name="strideB">Floats between steps of B.</param>
    /// <param name="c">The block of C.</param>
    /// <param name="strideC">Floats between rows of C.</param>
    /// <param name="accumulate">True adds to C.</param>
    public void Run(int rows, int columns, int depth, TileInput a, float* b, long strideB, float* c, long strideC, bool accumulate)
    {
        if (columns == Columns)
        {
            RunTile(rows, depth, a, b, strideB, c, strideC, accumulate);
            return;
        }

        float* edge = stackalloc float[Rows * Columns];
        RunTile(rows, depth, a, b, strideB, edge, Columns, false);
        TileEdge.Deliver(edge, Columns, rows, columns, c, strideC, accumulate);
    }

    /// <summary>As <see cref="Run"/>, but C is stored transposed: strideC lies between its columns.</summary>
    public void RunTransposed(int rows, int columns, int depth, TileInput a, float* b, long strideB, float* c, long strideC, bool accumulate)
    {
        float* edge = stackalloc float[(Rows + 3) / 4 * 4 * Columns];
        RunTile(rows, depth, a, b, strideB, edge, Columns, false);
        TileEdge.DeliverTransposed(edge, Columns, rows, columns, c, strideC, accumulate);
    }

    /// <summary>Computes a tile of so many rows and all columns.</summary>
    protected abstract void RunTile(int rows, int depth, TileInput a, float* b, long strideB, float* c, long strideC, bool accumulate);
}
