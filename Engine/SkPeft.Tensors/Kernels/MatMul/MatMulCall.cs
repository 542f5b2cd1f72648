namespace SkPeft.Tensors.Kernels;

/// <summary>One product y[i] (+)= W · x[i]; fields as in <see cref="ComputeContext.Multiply"/>.</summary>
internal unsafe struct MatMulCall
{
    public PackedMatrix Weights;
    public float* X;
    public long StrideX;
    public int Count;
    public float* Y;
    public long StrideY;
    public bool Accumulate;
}
