namespace SkPeft.Tensors.Ops;

internal readonly struct ReluFunction : IElementFunction
{
    public static float Value(float x) => MathF.Max(x, 0f);

    public static float Slope(float x, float y) => x > 0 ? 1f : 0f;
}

internal readonly struct AbsFunction : IElementFunction
{
    public static float Value(float x) => MathF.Abs(x);

    public static float Slope(float x, float y) => x > 0 ? 1f : x < 0 ? -1f : 0f;
}

internal readonly struct SigmoidFunction : IElementFunction
{
    public static float Value(float x) => 1f / (1f + MathF.Exp(-x));

    public static float Slope(float x, float y) => y * (1f - y);
}

internal readonly struct TanhFunction : IElementFunction
{
    public static float Value(float x) => MathF.Tanh(x);

    public static float Slope(float x, float y) => (1f - y) * (1f + y);
}

internal readonly struct SiluFunction : IElementFunction
{
    // e⁻ˣ overflows to infinity for very negative x; the quotient is then -0, the right limit.
    public static float Value(float x) => x / (1f + MathF.Exp(-x));

    public static float Slope(float x, float y)
    {
        float sigmoid = SigmoidFunction.Value(x);
        return sigmoid + (y * (1f - sigmoid));
    }
}

internal readonly struct GeluFunction : IElementFunction
{
    private const double RootOfHalf = 0.70710678118654752;
    private const double RootOfHalfOverPi = 0.39894228040143268;

    public static float Value(float x) => (float)(0.5 * x * (1.0 + ErrorFunction.Of(x * RootOfHalf)));

    // Φ(x) + x φ(x), the normal distribution and its density.
    public static float Slope(float x, float y) =>
        (float)((0.5 * (1.0 + ErrorFunction.Of(x * RootOfHalf))) + (x * RootOfHalfOverPi * Math.Exp(-0.5 * x * x)));
}

internal readonly struct GeluTanhFunction : IElementFunction
{
    private const double Rate = 0.79788456080286536;
    private const double Cubic = 0.044715;

    public static float Value(float x)
    {
        double v = x;
        return (float)(0.5 * v * (1.0 + Math.Tanh(Rate * (v + (Cubic * v * v * v)))));
    }

    public static float Slope(float x, float y)
    {
        double v = x;
        double tanh = Math.Tanh(Rate * (v + (Cubic * v * v * v)));
        return (float)((0.5 * (1.0 + tanh)) + (0.5 * v * (1.0 - (tanh * tanh)) * Rate * (1.0 + (3.0 * Cubic * v * v))));
    }
}
