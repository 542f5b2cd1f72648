namespace SkPeft.Tensors.Kernels;

/// <summary>The row operations with one kind of vector.</summary>
internal sealed unsafe class VectorKernelsOf<T> : VectorKernels
    where T : unmanaged, ILanes<T>
{
    public override float Dot(float* x, float* y, int size) => DotKernel.Run<T>(x, y, size);

    public override void Axpy(float factor, float* x, float* y, int size) => ElementwiseKernels.Axpy<T>(factor, x, y, size);

    public override void Scale(float factor, float* x, int size) => ElementwiseKernels.Scale<T>(factor, x, size);

    public override void Multiply(float* x, float* y, int size) => ElementwiseKernels.Multiply<T>(x, y, size);

    public override void RmsNorm(float* x, float* weight, float epsilon, float* y, int size) => RmsNormKernel.Run<T>(x, weight, epsilon, y, size);

    public override void Rope(float* head, float* cosines, float* sines, int half) => RopeKernel.Run<T>(head, cosines, sines, half);

    public override void SwiGlu(float* gate, float* up, float* y, int size) => SwiGluKernel.Run<T>(gate, up, y, size);

    public override float Largest(float* x, int size) => SoftmaxKernel.Largest<T>(x, size);

    public override float ExpShifted(float* x, float shift, int size) => SoftmaxKernel.ExpShifted<T>(x, shift, size);

    public override double SumExpShifted(float* x, float shift, int size) => SoftmaxKernel.SumExpShifted<T>(x, shift, size);

    public override void Softmax(float* x, int size) => SoftmaxKernel.Run<T>(x, size);
}
