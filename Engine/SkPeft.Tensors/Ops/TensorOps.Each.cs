using SkPeft.Tensors.Differentiation;

namespace SkPeft.Tensors.Ops;

// How functions of one element are applied and differentiated.
public static partial class TensorOps
{
    private static Tensor Each<TFunction>(Tensor x)
        where TFunction : struct, IElementFunction
    {
        Tensor c = ResultScope.Rent(x.Shape);
        Span<float> to = c.Data;
        ReadOnlySpan<float> from = x.Data;
        for (int i = 0; i < from.Length; i++)
        {
            to[i] = TFunction.Value(from[i]);
        }

        return RecordEach<TFunction>(x, c);
    }

    private static Tensor RecordEach<TFunction>(Tensor x, Tensor y)
        where TFunction : struct, IElementFunction =>
        x.NeedsGradient ? y.With(new EachGradient<TFunction>(x, y)) : y;

    private sealed class EachGradient<TFunction>(Tensor x, Tensor y) : Operation
        where TFunction : struct, IElementFunction
    {
        public override void Backward(Tensor gradient, Gradients gradients)
        {
            Tensor result = gradients.Rent(x.Shape);
            ReadOnlySpan<float> dy = gradient.Data;
            ReadOnlySpan<float> arguments = x.Data;
            ReadOnlySpan<float> values = y.Data;
            Span<float> dx = result.Data;
            for (int i = 0; i < dx.Length; i++)
            {
                dx[i] = dy[i] * TFunction.Slope(arguments[i], values[i]);
            }

            gradients.Add(x, result);
        }
    }
}
