using System.Numerics.Tensors;
using SkPeft.Tensors.Differentiation;

namespace SkPeft.Tensors.Ops;

// Activations: functions of one element. All keep the shape.
public static partial class TensorOps
{
    /// <summary>max(x, 0), element by element. Its gradient at 0 is 0.</summary>
    public static Tensor Relu(this Tensor x)
    {
        Tensor c = ResultScope.Rent(x.Shape);
        TensorPrimitives.Max(x.Data, 0f, c.Data);
        return RecordEach<ReluFunction>(x, c);
    }

    /// <summary>The logistic function 1 / (1 + e⁻ˣ), element by element.</summary>
    public static Tensor Sigmoid(this Tensor x) => Each<SigmoidFunction>(x);

    /// <summary>x · sigmoid(x), element by element (SiLU, also called swish).</summary>
    public static Tensor Silu(this Tensor x) => Each<SiluFunction>(x);

    /// <summary>x · Φ(x) = x/2 · (1 + erf(x/√2)), element by element: GELU in its exact form.</summary>
    public static Tensor Gelu(this Tensor x) => Each<GeluFunction>(x);

    /// <summary>x/2 · (1 + tanh(√(2/π) · (x + 0.044715 x³))), element by element: GELU's approximation by tanh (gelu_new).</summary>
    public static Tensor GeluTanh(this Tensor x) => Each<GeluTanhFunction>(x);

    /// <summary>The hyperbolic tangent, element by element.</summary>
    public static Tensor Tanh(this Tensor x) => Each<TanhFunction>(x);

    /// <summary>|x|, element by element. Its gradient at 0 is 0.</summary>
    public static Tensor Abs(this Tensor x)
    {
        Tensor c = ResultScope.Rent(x.Shape);
        TensorPrimitives.Abs(x.Data, c.Data);
        return RecordEach<AbsFunction>(x, c);
    }
}
