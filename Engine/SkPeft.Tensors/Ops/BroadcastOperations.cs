using System.Numerics.Tensors;

namespace SkPeft.Tensors.Ops;

/// <summary>One element-wise operation on two operands, of which one may be a single number.</summary>
internal interface IBroadcastOperation
{
    static abstract void Apply(ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> c);

    static abstract void Apply(ReadOnlySpan<float> a, float b, Span<float> c);

    static abstract void Apply(float a, ReadOnlySpan<float> b, Span<float> c);
}

internal readonly struct AddOperation : IBroadcastOperation
{
    public static void Apply(ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> c) => TensorPrimitives.Add(a, b, c);

    public static void Apply(ReadOnlySpan<float> a, float b, Span<float> c) => TensorPrimitives.Add(a, b, c);

    public static void Apply(float a, ReadOnlySpan<float> b, Span<float> c) => TensorPrimitives.Add(b, a, c);
}

internal readonly struct SubtractOperation : IBroadcastOperation
{
    public static void Apply(ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> c) => TensorPrimitives.Subtract(a, b, c);

    public static void Apply(ReadOnlySpan<float> a, float b, Span<float> c) => TensorPrimitives.Subtract(a, b, c);

    public static void Apply(float a, ReadOnlySpan<float> b, Span<float> c) => TensorPrimitives.Subtract(a, b, c);
}

internal readonly struct MultiplyOperation : IBroadcastOperation
{
    public static void Apply(ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> c) => TensorPrimitives.Multiply(a, b, c);

    public static void Apply(ReadOnlySpan<float> a, float b, Span<float> c) => TensorPrimitives.Multiply(a, b, c);

    public static void Apply(float a, ReadOnlySpan<float> b, Span<float> c) => TensorPrimitives.Multiply(b, a, c);
}

internal readonly struct DivideOperation : IBroadcastOperation
{
    public static void Apply(ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> c) => TensorPrimitives.Divide(a, b, c);

    public static void Apply(ReadOnlySpan<float> a, float b, Span<float> c) => TensorPrimitives.Divide(a, b, c);

    public static void Apply(float a, ReadOnlySpan<float> b, Span<float> c) => TensorPrimitives.Divide(a, b, c);
}
