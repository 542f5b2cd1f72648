using System.Numerics.Tensors;
using SkPeft.Tensors.Differentiation;

namespace SkPeft.Tensors.Ops;

// Sums, differences, products and quotients element by element, with broadcasting.
public static partial class TensorOps
{
    /// <summary>c = a + b, element by element.</summary>
    /// <param name="a">Any shape.</param>
    /// <param name="b">
    /// A shape that broadcasts with <paramref name="a"/>: aligned at the innermost extent, extents are equal or one of them is 1 or
    /// absent. For rows [n, m]: [m] is added to every row, [n, 1] to every column, [] or [1] to every element.
    /// </param>
    /// <returns>The common shape: the larger of each two extents.</returns>
    /// <exception cref="ArgumentException">The shapes do not broadcast.</exception>
    public static Tensor Add(this Tensor a, Tensor b)
    {
        Tensor c = Broadcasting.Apply<AddOperation>(a, b);
        return NeedGradient(a, b) ? c.With(new AddGradient(a, b)) : c;
    }

    /// <summary>c = a − b, element by element; shapes as in <see cref="Add"/>.</summary>
    /// <inheritdoc cref="Add"/>
    public static Tensor Subtract(this Tensor a, Tensor b)
    {
        Tensor c = Broadcasting.Apply<SubtractOperation>(a, b);
        return NeedGradient(a, b) ? c.With(new SubtractGradient(a, b)) : c;
    }

    /// <summary>c = a ⊙ b, element by element; shapes as in <see cref="Add"/>.</summary>
    /// <inheritdoc cref="Add"/>
    public static Tensor Multiply(this Tensor a, Tensor b)
    {
        Tensor c = Broadcasting.Apply<MultiplyOperation>(a, b);
        return NeedGradient(a, b) ? c.With(new MultiplyGradient(a, b)) : c;
    }

    /// <summary>c = a ⊘ b, element by element; shapes as in <see cref="Add"/>. A zero in b gives what IEEE 754 says.</summary>
    /// <inheritdoc cref="Add"/>
    public static Tensor Divide(this Tensor a, Tensor b)
    {
        Tensor c = Broadcasting.Apply<DivideOperation>(a, b);
        return NeedGradient(a, b) ? c.With(new DivideGradient(a, b, c)) : c;
    }

    /// <summary>c = factor · x.</summary>
    /// <param name="x">Any shape.</param>
    /// <param name="factor">A constant: no gradient flows into it.</param>
    /// <returns>The shape of x.</returns>
    public static Tensor Scale(this Tensor x, float factor)
    {
        Tensor c = ResultScope.Rent(x.Shape);
        TensorPrimitives.Multiply(x.Data, factor, c.Data);
        return x.NeedsGradient ? c.With(new ScaleGradient(x, factor)) : c;
    }

    /// <summary>c = x + constant, for every element.</summary>
    /// <param name="x">Any shape.</param>
    /// <param name="constant">A constant: no gradient flows into it.</param>
    /// <returns>The shape of x.</returns>
    public static Tensor AddScalar(this Tensor x, float constant)
    {
        Tensor c = ResultScope.Rent(x.Shape);
        TensorPrimitives.Add(x.Data, constant, c.Data);
        return x.NeedsGradient ? c.With(new PassedOn(x)) : c;
    }

    /// <summary>Repeats x along extents of 1 and along new outer extents until it has the shape.</summary>
    /// <param name="x">A shape that broadcasts to <paramref name="shape"/>.</param>
    /// <param name="shape">The extents of the result.</param>
    /// <exception cref="ArgumentException">The shape of x does not broadcast to it.</exception>
    public static Tensor BroadcastTo(this Tensor x, params ReadOnlySpan<int> shape)
    {
        Tensor c = new Tensor(shape).Add(x);
        return c.Shape.SequenceEqual(shape)
            ? c
            : throw new ArgumentException($"A tensor of shape {x.ShapeText} cannot be repeated to [{string.Join(", ", shape.ToArray())}].", nameof(shape));
    }
}
