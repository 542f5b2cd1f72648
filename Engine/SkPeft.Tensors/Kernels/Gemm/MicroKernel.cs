namespace SkPeft.Tensors.Kernels;

/// <summary>A small block of C held in registers: C[Rows, Columns] (+)= Σ over k of packed A [k][Rows] · packed B [k][Columns].</summary>
internal abstract unsafe class MicroKernel
{
    private static readonly MicroKernel[] s_all =
    [
        new TileMicroKernel(InstructionSet.Vector128),
        new TileMicroKernel(InstructionSet.Avx2),
        new WideMicroKernel<Lanes512>(),
    ];

    /// <summary>Rows of the block.</summary>
    public abstract int Rows { get; }

    /// <summary>Columns of the block.</summary>
    public abstract int Columns { get; }

    public static MicroKernel Get(InstructionSet set) => s_all[(int)set];

    /// <summary>Computes a block of which only some rows and columns belong to C; the depth is a multiple of 4.</summary>
    public void Run(int rows, int columns, int depth, float* a, float* b, float* c, long strideC, bool accumulate)
    {
        if (rows == Rows && columns == Columns)
        {
            Run(depth, a, b, c, strideC, accumulate);
            return;
        }

        float* edge = stackalloc float[Rows * Columns];
        Run(depth, a, b, edge, Columns, false);
        for (int r = 0; r < rows; r++, edge += Columns, c += strideC)
        {
            for (int j = 0; j < columns; j++)
            {
                c[j] = accumulate ? c[j] + edge[j] : edge[j];
            }
        }
    }

    /// <summary>Computes a whole block.</summary>
    protected abstract void Run(int depth, float* a, float* b, float* c, long strideC, bool accumulate);
}
