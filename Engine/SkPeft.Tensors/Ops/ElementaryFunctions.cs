namespace SkPeft.Tensors.Ops;

internal readonly struct ExpFunction : IElementFunction
{
    public static float Value(float x) => MathF.Exp(x);

    public static float Slope(float x, float y) => y;
}

internal readonly struct LogFunction : IElementFunction
{
    public static float Value(float x) => MathF.Log(x);

    public static float Slope(float x, float y) => 1f / x;
}

internal readonly struct SqrtFunction : IElementFunction
{
    public static float Value(float x) => MathF.Sqrt(x);

    public static float Slope(float x, float y) => 0.5f / y;
}

internal readonly struct SquareFunction : IElementFunction
{
    public static float Value(float x) => x * x;

    public static float Slope(float x, float y) => 2f * x;
}

internal readonly struct SinFunction : IElementFunction
{
    public static float Value(float x) => MathF.Sin(x);

    public static float Slope(float x, float y) => MathF.Cos(x);
}

internal readonly struct CosFunction : IElementFunction
{
    public static float Value(float x) => MathF.Cos(x);

    public static float Slope(float x, float y) => -MathF.Sin(x);
}
