namespace SkPeft;

/// <summary>
/// A dense fp32 array with a shape, row-major. Adapters' parameters, effects and the rows that custom effects see are tensors;
/// the frozen base is not (it stays packed in its own format).
/// </summary>
/// <remarks>
/// The memory belongs to the garbage collector, so that a tensor needs no <c>Dispose</c>. Contents are written once, by whoever creates
/// the tensor, and then shared freely between threads. Arithmetic is in <c>SkPeft.Tensors</c> (<c>TensorOps</c>): methods use those
/// operations only, because they also carry gradients: a result whose <see cref="Derivation"/> is set knows how it was computed. The one
/// exception to writing once is a parameter under training, which its optimiser changes between steps.
/// </remarks>
public sealed class Tensor
{
    private readonly int[] _shape;
    private readonly float[] _data;
    private readonly int _offset;

    /// <summary>Creates a tensor of zeros.</summary>
    /// <param name="shape">The extents, outermost first; none may be negative. No extents: a scalar.</param>
    public Tensor(params ReadOnlySpan<int> shape)
        : this(new float[CountOf(shape)], 0, shape.ToArray())
    {
    }

    private Tensor(float[] data, int offset, int[] shape, Derivation? derivation = null)
    {
        _data = data;
        _offset = offset;
        _shape = shape;
        Length = CountOf(shape);
        Derivation = derivation;
    }

    /// <summary>The extents, outermost first.</summary>
    public ReadOnlySpan<int> Shape => _shape;

    /// <summary>The number of extents.</summary>
    public int Rank => _shape.Length;

    /// <summary>The number of elements.</summary>
    public int Length { get; }

    /// <summary>The elements, row-major.</summary>
    public Span<float> Data => _data.AsSpan(_offset, Length);

    /// <summary>How it was computed from tensors whose gradient may be asked for; null for a constant.</summary>
    public Derivation? Derivation { get; }

    /// <summary>Whether a gradient may be asked for: false for a constant.</summary>
    public bool NeedsGradient => Derivation is not null;

    /// <summary>The array under the elements; pools tell memory by it.</summary>
    internal float[] Buffer => _data;

    /// <summary>Where the elements begin in <see cref="Buffer"/>.</summary>
    internal int Offset => _offset;

    /// <summary>The shape as text, for messages: <c>[8, 576]</c>.</summary>
    public string ShapeText => $"[{string.Join(", ", _shape)}]";

    /// <summary>The extent of a dimension; <c>^1</c> is the innermost.</summary>
    public int this[Index axis] => _shape[axis];

    /// <summary>Copies <paramref name="data"/> into a new tensor.</summary>
    /// <exception cref="ArgumentException">The number of elements is not the product of the extents.</exception>
    public static Tensor From(ReadOnlySpan<float> data, params ReadOnlySpan<int> shape)
    {
        if (data.Length != CountOf(shape))
        {
            throw new ArgumentException($"{data.Length} elements do not fill the shape [{string.Join(", ", shape.ToArray())}].", nameof(data));
        }

        return new Tensor(data.ToArray(), 0, shape.ToArray());
    }

    /// <summary>A tensor over memory of the caller, which is not copied.</summary>
    /// <param name="buffer">The memory.</param>
    /// <param name="offset">Where the first element is.</param>
    /// <param name="shape">The extents.</param>
    /// <exception cref="ArgumentException">The memory ends before the last element.</exception>
    public static Tensor Over(float[] buffer, int offset, params ReadOnlySpan<int> shape)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        return offset >= 0 && offset <= buffer.Length - CountOf(shape)
            ? new Tensor(buffer, offset, shape.ToArray())
            : throw new ArgumentException($"A buffer of {buffer.Length} elements does not hold [{string.Join(", ", shape.ToArray())}] from {offset} on.", nameof(buffer));
    }

    /// <summary>The same elements as the result of a computation.</summary>
    /// <param name="derivation">How they were computed.</param>
    public Tensor With(Derivation derivation) => new(_data, _offset, _shape, derivation);

    /// <summary>The same elements as a constant: no gradient flows back from here.</summary>
    public Tensor Detach() => Derivation is null ? this : new Tensor(_data, _offset, _shape);

    /// <summary>A view with other extents on the same elements; a constant.</summary>
    /// <exception cref="ArgumentException">The number of elements differs.</exception>
    public Tensor View(params ReadOnlySpan<int> shape) =>
        CountOf(shape) == Length
            ? new Tensor(_data, _offset, shape.ToArray())
            : throw new ArgumentException($"A tensor of shape {ShapeText} cannot be viewed with {CountOf(shape)} elements.", nameof(shape));

    /// <summary>A view on <paramref name="count"/> slices of the first dimension, from <paramref name="start"/> on; a constant.</summary>
    public Tensor Rows(int start, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(start + count, _shape[0]);
        int stride = _shape[0] == 0 ? 0 : Length / _shape[0];
        return new Tensor(_data, _offset + (start * stride), [count, .. _shape.AsSpan(1)]);
    }

    /// <summary>The elements of one slice of the first dimension.</summary>
    public Span<float> Row(int row)
    {
        int stride = Length / _shape[0];
        return Data.Slice(row * stride, stride);
    }

    /// <inheritdoc/>
    public override string ToString() => $"Tensor {ShapeText}";

    private static int CountOf(ReadOnlySpan<int> shape)
    {
        int count = 1;
        foreach (int extent in shape)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(extent);
            count = checked(count * extent);
        }

        return count;
    }
}
