namespace SkPeft.Tensors.Kernels;

/// <summary>A small block of C held in registers: C[rows, columns] (+)= Σ over k of packed A [k][rows] · packed B [k][columns].</summary>
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

    /// <summary>Computes a whole block; the depth is a multiple of 4.</summary>
    public abstract void Run(int depth, float* a, float* b, float* c, long strideC, bool accumulate);
}
