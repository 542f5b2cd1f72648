namespace SkPeft.Tensors.Ops;

// Elementary functions of one element. All keep the shape.
public static partial class TensorOps
{
    /// <summary>eˣ, element by element.</summary>
    public static Tensor Exp(this Tensor x) => Each<ExpFunction>(x);

    /// <summary>The natural logarithm, element by element; what IEEE 754 says for x ≤ 0.</summary>
    public static Tensor Log(this Tensor x) => Each<LogFunction>(x);

    /// <summary>√x, element by element. Its gradient at 0 is infinite.</summary>
    public static Tensor Sqrt(this Tensor x) => Each<SqrtFunction>(x);

    /// <summary>x², element by element.</summary>
    public static Tensor Square(this Tensor x) => Each<SquareFunction>(x);

    /// <summary>The sine of x in radians, element by element.</summary>
    public static Tensor Sin(this Tensor x) => Each<SinFunction>(x);

    /// <summary>The cosine of x in radians, element by element.</summary>
    public static Tensor Cos(this Tensor x) => Each<CosFunction>(x);
}
