namespace SkPeft.Tensors.Ops;

/// <summary>A function of one number.</summary>
internal interface IElementFunction
{
    /// <summary>f(x).</summary>
    static abstract float Value(float x);

    /// <summary>f′(x), where y = f(x).</summary>
    static abstract float Slope(float x, float y);
}
