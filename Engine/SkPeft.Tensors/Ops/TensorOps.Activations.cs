using System.Numerics.Tensors;

namespace SkPeft.Tensors.Ops;

// Functions of one element. All keep the shape.
public static partial class TensorOps
{
    /// <summary>max(x, 0), element by element.</summary>
    public static Tensor Relu(this Tensor x)
    {
        Tensor c = new(x.Shape);
        TensorPrimitives.Max(x.Data, 0f, c.Data);
        return c;
    }

    /// <summary>The logistic function 1 / (1 + e⁻ˣ), element by element.</summary>
    public static Tensor Sigmoid(this Tensor x)
    {
        Tensor c = new(x.Shape);
        Span<float> to = c.Data;
        ReadOnlySpan<float> from = x.Data;
        for (int i = 0; i < from.Length; i++)
        {
            to[i] = 1f / (1f + MathF.Exp(-from[i]));
        }

        return c;
    }

    /// <summary>x · sigmoid(x), element by element (SiLU, also called swish).</summary>
    public static Tensor Silu(this Tensor x)
    {
        Tensor c = new(x.Shape);
        Span<float> to = c.Data;
        ReadOnlySpan<float> from = x.Data;
        for (int i = 0; i < from.Length; i++)
        {
            // e⁻ˣ overflows to infinity for very negative x; the quotient is then -0, the right limit.
            to[i] = from[i] / (1f + MathF.Exp(-from[i]));
        }

        return c;
    }

    /// <summary>x · Φ(x) = x/2 · (1 + erf(x/√2)), element by element: GELU in its exact form.</summary>
    public static Tensor Gelu(this Tensor x)
    {
        Tensor c = new(x.Shape);
        Span<float> to = c.Data;
        ReadOnlySpan<float> from = x.Data;
        for (int i = 0; i < from.Length; i++)
        {
            to[i] = (float)(0.5 * from[i] * (1.0 + ErrorFunction.Of(from[i] * 0.70710678118654752)));
        }

        return c;
    }

    /// <summary>x/2 · (1 + tanh(√(2/π) · (x + 0.044715 x³))), element by element: GELU's approximation by tanh (gelu_new).</summary>
    public static Tensor GeluTanh(this Tensor x)
    {
        Tensor c = new(x.Shape);
        Span<float> to = c.Data;
        ReadOnlySpan<float> from = x.Data;
        for (int i = 0; i < from.Length; i++)
        {
            double v = from[i];
            to[i] = (float)(0.5 * v * (1.0 + Math.Tanh(0.79788456080286536 * (v + (0.044715 * v * v * v)))));
        }

        return c;
    }

    /// <summary>The hyperbolic tangent, element by element.</summary>
    public static Tensor Tanh(this Tensor x)
    {
        Tensor c = new(x.Shape);
        Span<float> to = c.Data;
        ReadOnlySpan<float> from = x.Data;
        for (int i = 0; i < from.Length; i++)
        {
            to[i] = MathF.Tanh(from[i]);
        }

        return c;
    }

    /// <summary>|x|, element by element. Its gradient at 0 is 0.</summary>
    public static Tensor Abs(this Tensor x)
    {
        Tensor c = new(x.Shape);
        TensorPrimitives.Abs(x.Data, c.Data);
        return c;
    }
}
