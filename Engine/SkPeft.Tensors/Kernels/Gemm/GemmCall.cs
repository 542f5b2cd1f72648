namespace SkPeft.Tensors.Kernels;

/// <summary>An operand of a matrix product: stored row-major, perhaps meant transposed.</summary>
internal unsafe struct GemmOperand
{
    public float* Values;
    public long Stride;

    /// <summary>True where the sum runs along the stored rows (k is contiguous).</summary>
    public bool SumIsContiguous;

    /// <summary>Rows of A from <paramref name="row"/> on, steps from <paramref name="k"/> on, where they lie; for operands whose sum is contiguous.</summary>
    public readonly TileInput InPlace(int row, int k) => new(Values + (row * Stride) + k, Stride, 1);
}

/// <summary>C[m, n] (+)= Σ over k; see <see cref="ComputeContext.Gemm"/>.</summary>
internal unsafe struct GemmCall
{
    public int M;
    public int N;
    public int K;
    public GemmOperand A;
    public GemmOperand B;
    public float* C;
    public long StrideC;
    public bool Accumulate;

    /// <summary>The call with the parameters of <see cref="ComputeContext.Gemm"/>.</summary>
    public static GemmCall Of(int m, int n, int k, float* a, long strideA, bool transposeA, float* b, long strideB, bool transposeB,
        float* c, long strideC, bool accumulate) => new()
    {
        M = m,
        N = n,
        K = k,
        A = new GemmOperand { Values = a, Stride = strideA, SumIsContiguous = !transposeA },
        B = new GemmOperand { Values = b, Stride = strideB, SumIsContiguous = transposeB },
        C = c,
        StrideC = strideC,
        Accumulate = accumulate,
    };
}
