using SkPeft.Tensors.Differentiation;

namespace SkPeft.Tensors.Ops;

// Taking apart and putting together.
public static partial class TensorOps
{
    /// <summary>The same elements in the same order with other extents.</summary>
    /// <param name="x">Any shape.</param>
    /// <param name="shape">Extents whose product is the number of elements.</param>
    /// <exception cref="ArgumentException">The number of elements differs.</exception>
    public static Tensor Reshape(this Tensor x, params ReadOnlySpan<int> shape)
    {
        Tensor c = x.View(shape);
        return x.NeedsGradient ? c.With(new PassedOn(x)) : c;
    }

    /// <summary>A part of an axis: c[…, k, …] = x[…, start + k, …].</summary>
    /// <param name="x">At least one axis.</param>
    /// <param name="axis">The axis; negative counts from the end.</param>
    /// <param name="start">The first index.</param>
    /// <param name="count">The number of indices.</param>
    /// <returns>The shape of x with <paramref name="count"/> at the axis.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such axis, or the part is not inside it.</exception>
    public static Tensor Slice(this Tensor x, int axis, int start, int count)
    {
        int at = AxisOf(x, axis);
        (int outer, int extent, int inner) = Split(x, at);
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, extent - start);
        Tensor c = ResultScope.Rent([.. x.Shape[..at], count, .. x.Shape[(at + 1)..]]);
        for (int o = 0; o < outer; o++)
        {
            x.Data.Slice(((o * extent) + start) * inner, count * inner).CopyTo(c.Data[(o * count * inner)..]);
        }

        return x.NeedsGradient ? c.With(new SliceGradient(x, at, start, count)) : c;
    }

    /// <summary>Puts tensors one behind the other along an axis.</summary>
    /// <param name="axis">The axis; negative counts from the end.</param>
    /// <param name="parts">At least one; equal extents but for the axis.</param>
    /// <returns>The common shape with the sum of the extents at the axis.</returns>
    /// <exception cref="ArgumentException">There is nothing to join, or other extents differ.</exception>
    public static Tensor Concat(int axis, params ReadOnlySpan<Tensor> parts)
    {
        if (parts.IsEmpty)
        {
            throw new ArgumentException("There is nothing to join.", nameof(parts));
        }

        int at = AxisOf(parts[0], axis);
        int total = 0;
        foreach (Tensor part in parts)
        {
            if (part.Rank != parts[0].Rank || !part.Shape[..at].SequenceEqual(parts[0].Shape[..at])
                || !part.Shape[(at + 1)..].SequenceEqual(parts[0].Shape[(at + 1)..]))
            {
                throw new ArgumentException($"Shapes {parts[0].ShapeText} and {part.ShapeText} cannot be joined along axis {at}: other extents differ.", nameof(parts));
            }

            total = checked(total + part.Shape[at]);
        }

        Tensor c = ResultScope.Rent([.. parts[0].Shape[..at], total, .. parts[0].Shape[(at + 1)..]]);
        (int outer, _, int inner) = Split(c, at);
        int position = 0;
        for (int o = 0; o < outer; o++)
        {
            foreach (Tensor part in parts)
            {
                int length = part.Shape[at] * inner;
                part.Data.Slice(o * length, length).CopyTo(c.Data[position..]);
                position += length;
            }
        }

        return AnyNeedsGradient(parts) ? c.With(new ConcatGradient(parts.ToArray(), at)) : c;
    }

    /// <summary>Slices of an axis by index: for the outermost axis rows, c[i] = table[indices[i]], an embedding.</summary>
    /// <param name="table">At least one axis.</param>
    /// <param name="indices">Indices along the axis, in any order and number.</param>
    /// <param name="axis">The axis; negative counts from the end.</param>
    /// <returns>The shape of the table with the number of indices at the axis.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such axis, or an index is not on it.</exception>
    public static Tensor Gather(this Tensor table, ReadOnlySpan<int> indices, int axis = 0)
    {
        int at = AxisOf(table, axis);
        (int outer, int extent, int inner) = Split(table, at);
        Tensor c = ResultScope.Rent([.. table.Shape[..at], indices.Length, .. table.Shape[(at + 1)..]]);
        for (int i = 0; i < indices.Length; i++)
        {
            if ((uint)indices[i] >= (uint)extent)
            {
                throw new ArgumentOutOfRangeException(nameof(indices), indices[i], $"A table of shape {table.ShapeText} has no such index on axis {at}.");
            }

            for (int o = 0; o < outer; o++)
            {
                table.Data.Slice(((o * extent) + indices[i]) * inner, inner).CopyTo(c.Data[(((o * indices.Length) + i) * inner)..]);
            }
        }

        return table.NeedsGradient ? c.With(new GatherGradient(table, indices.ToArray(), at)) : c;
    }
}
