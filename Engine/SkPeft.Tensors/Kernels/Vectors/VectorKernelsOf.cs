namespace SkPeft.Tensors.Kernels;

/// <summary>The row operations with one kind of vector.</summary>
internal sealed unsafe class VectorKernelsOf<T> : VectorKernels
    where T : unmanaged, ILanes<T>
{
    public override float Dot(float* x, float* y, int size) => DotKernel.Run<T>(x, y, size);

    public override void Axpy(float factor, float* x, float* y, int size) => ElementwiseKernels.Axpy<T>(factor, x, y, size);

    public override void Scale(float factor, float* x, int size) => ElementwiseKernels.Scale<T>(factor, x, size);

    public override void Multiply(float* x, float* y, int size) => ElementwiseKernels.Multiply<T>(x, y, size);

    public override void Restore(float* x, float* bias, float* y, int size) => ElementwiseKernels.Restore<T>(x, bias, y, size);

    public override void RmsNorm(float* x, float* weight, float epsilon, float* y, int size) => RmsNormKernel.Run<T>(x, weight, epsilon, y, size);

    public override void Rope(float* head, float* cosines, float* sines, int half) => RopeKernel.Run<T>(head, cosines, sines, half);

    public override void SwiGlu(float* gate, float* up, float* y, int size) => SwiGluKernel.Run<T>(gate, up, y, size);

    public override float Largest(float* x, int size) => SoftmaxKernel.Largest<T>(x, size);

    public override float ExpShifted(float* x, float shift, int size) => SoftmaxKernel.ExpShifted<T>(x, shift, size);

    public override double SumExpShifted(float* x, float shift, int size) => SoftmaxKernel.SumExpShifted<T>(x, shift, size);

    public override void Softmax(float* x, int size) => SoftmaxKernel.Run<T>(x, size);

    public override void RmsNormGradient(float* x, float* weight, float factor, float* dy, float* dx, bool accumulate, int size) =>
        RmsNormGradientKernel.Run<T>(x, weight, factor, dy, dx, accumulate, size);

    public override float RmsFactor(float* x, float epsilon, int size) => RmsNormKernel.Factor<T>(x, epsilon, size);

    public override void AddProducts(float factor, float* x, float* y, float* sum, int size) =>
        RmsNormGradientKernel.AddProducts<T>(factor, x, y, sum, size);

    public override void RopeGradient(float* head, float* cosines, float* sines, int half) => RopeKernel.RunTransposed<T>(head, cosines, sines, half);

    public override void SwiGluGradient(float* gate, float* up, float* dy, float* dgate, float* dup, int size) =>
        SwiGluGradientKernel.Run<T>(gate, up, dy, dgate, dup, size);

    public override float ScoreSoftmax(float* x, float scale, int visible) => ScoreKernel.Softmax<T>(x, scale, visible);

    public override void ScoreGradient(float* x, float* dx, float scale, float logSum, float mean, int visible) =>
        ScoreKernel.Gradient<T>(x, dx, scale, logSum, mean, visible);
}
