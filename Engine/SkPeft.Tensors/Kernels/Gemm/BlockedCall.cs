namespace SkPeft.Tensors.Kernels;

/// <summary>C[m, n] (+)= Σ over k of A · B, B in strips.</summary>
internal unsafe struct BlockedCall
{
    public int M;
    public int N;
    public int K;
    public GemmOperand A;
    public StripSource B;
    public float* C;
    public long StrideC;
    public bool Accumulate;

    /// <summary>True where C is stored [n, m].</summary>
    public bool TransposedC;
}
