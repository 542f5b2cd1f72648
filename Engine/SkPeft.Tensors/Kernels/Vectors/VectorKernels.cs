namespace SkPeft.Tensors.Kernels;

/// <summary>Operations on single rows; see <see cref="ComputeContext"/> for their meaning. Implementations hold no state.</summary>
internal abstract unsafe class VectorKernels
{
    private static readonly VectorKernels[] s_all =
        [new VectorKernelsOf<Lanes128>(), new VectorKernelsOf<Lanes256>(), new VectorKernelsOf<Lanes512>()];

    public static VectorKernels Get(InstructionSet set) => s_all[(int)set.Vectors()];

    public abstract float Dot(float* x, float* y, int size);

    public abstract void Axpy(float factor, float* x, float* y, int size);

    public abstract void Scale(float factor, float* x, int size);

    public abstract void Multiply(float* x, float* y, int size);

    /// <summary>y += bias ⊙ (1 − x).</summary>
    public abstract void Restore(float* x, float* bias, float* y, int size);

    public abstract void RmsNorm(float* x, float* weight, float epsilon, float* y, int size);

    public abstract void Rope(float* head, float* cosines, float* sines, int half);

    public abstract void SwiGlu(float* gate, float* up, float* y, int size);

    public abstract float Largest(float* x, int size);

    /// <summary>x = exp(x − shift); returns the sum.</summary>
    public abstract float ExpShifted(float* x, float shift, int size);

    /// <summary>Σ exp(x − shift), in double precision.</summary>
    public abstract double SumExpShifted(float* x, float shift, int size);

    public abstract void Softmax(float* x, int size);

    /// <summary>dx (+)= the gradient of <see cref="RmsNorm"/> for the output's gradient dy; factor is that of <see cref="RmsFactor"/>.</summary>
    public abstract void RmsNormGradient(float* x, float* weight, float factor, float* dy, float* dx, bool accumulate, int size);

    /// <summary>1 / √(mean(x²) + ε).</summary>
    public abstract float RmsFactor(float* x, float epsilon, int size);

    /// <summary>sum += factor · x · y, value by value.</summary>
    public abstract void AddProducts(float factor, float* x, float* y, float* sum, int size);

    /// <summary>The transpose of <see cref="Rope"/>.</summary>
    public abstract void RopeGradient(float* head, float* cosines, float* sines, int half);

    /// <summary>dgate and dup of <see cref="SwiGlu"/> for the output's gradient dy.</summary>
    public abstract void SwiGluGradient(float* gate, float* up, float* dy, float* dgate, float* dup, int size);

    /// <inheritdoc cref="ScoreKernel.Softmax"/>
    public abstract float ScoreSoftmax(float* x, float scale, int visible);

    /// <inheritdoc cref="ScoreKernel.Gradient"/>
    public abstract void ScoreGradient(float* x, float* dx, float scale, float logSum, float mean, int visible);
}
