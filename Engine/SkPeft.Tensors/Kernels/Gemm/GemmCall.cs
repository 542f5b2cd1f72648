namespace SkPeft.Tensors.Kernels;

/// <summary>An operand of a matrix product: stored row-major, perhaps meant transposed.</summary>
internal unsafe struct GemmOperand
{
    public float* Values;
    public long Stride;

    /// <summary>True where the sum runs along the stored rows (k is contiguous).</summary>
    public bool SumIsContiguous;
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
}
