using SkPeft.Tensors.Differentiation;

namespace SkPeft.Tensors.Ops;

// Elements and rows chosen by number.
public static partial class TensorOps
{
    /// <summary>Elements of the innermost axis by index: c[…, j] = x[…, indices[…, j]].</summary>
    /// <param name="x">At least one axis.</param>
    /// <param name="indices">For every index of the outer axes in turn, <paramref name="count"/> indices of the innermost axis.</param>
    /// <param name="count">How many are taken from each.</param>
    /// <returns>The shape of x with <paramref name="count"/> in place of the innermost extent.</returns>
    /// <exception cref="ArgumentException">The number of indices is another.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An index is not on the axis.</exception>
    public static Tensor GatherElements(this Tensor x, ReadOnlySpan<int> indices, int count)
    {
        (int rows, int width, _) = Split(x, AxisOf(x, -1));
        if (indices.Length != rows * count)
        {
            throw new ArgumentException($"{indices.Length} indices for shape {x.ShapeText}, {count} in each of {rows} rows: {rows * count} are needed.", nameof(indices));
        }

        int[] places = new int[indices.Length];
        Tensor c = ResultScope.Rent([.. x.Shape[..^1], count]);
        for (int i = 0; i < indices.Length; i++)
        {
            if ((uint)indices[i] >= (uint)width)
            {
                throw new ArgumentOutOfRangeException(nameof(indices), indices[i], $"The innermost axis of shape {x.ShapeText} has no such index.");
            }

            places[i] = (i / count * width) + indices[i];
            c.Data[i] = x.Data[places[i]];
        }

        return x.NeedsGradient ? c.With(new PlacesGradient(x, places)) : c;
    }

    /// <summary>The largest elements of the innermost axis, largest first, equal ones in the order of the axis.</summary>
    /// <param name="x">At least one axis.</param>
    /// <param name="count">How many; at most the innermost extent.</param>
    /// <param name="indices">Where they are, as <see cref="GatherElements"/> takes it. Constants: gradients flow into the chosen elements only.</param>
    /// <returns>The shape of x with <paramref name="count"/> in place of the innermost extent.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The axis has fewer elements, or the count is negative.</exception>
    public static Tensor TopK(this Tensor x, int count, out int[] indices)
    {
        (int rows, int width, _) = Split(x, AxisOf(x, -1));
        if (count < 0 || count > width)
        {
            throw new ArgumentOutOfRangeException(nameof(count), count, $"The innermost axis of shape {x.ShapeText} does not have so many elements.");
        }

        indices = new int[rows * count];
        for (int row = 0; row < rows; row++)
        {
            FindLargest(x.Data.Slice(row * width, width), indices.AsSpan(row * count, count));
        }

        return x.GatherElements(indices, count);
    }

    /// <summary>A table in which some rows are replaced: c[indices[i]] = rows[i], all else as in the table.</summary>
    /// <param name="table">[n, …].</param>
    /// <param name="indices">Row numbers, each once.</param>
    /// <param name="rows">[indices, …].</param>
    /// <returns>The shape of the table.</returns>
    /// <exception cref="ArgumentException">Shapes do not fit, or a row is given twice.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A row number is not in the table.</exception>
    public static Tensor ScatterRows(this Tensor table, ReadOnlySpan<int> indices, Tensor rows)
    {
        int[] expected = [indices.Length, .. table.Shape[1..]];
        if (!rows.Shape.SequenceEqual(expected))
        {
            throw new ArgumentException(
                $"Rows of shape {rows.ShapeText} for {indices.Length} places in a table of shape {table.ShapeText}: [{string.Join(", ", expected)}] is needed.", nameof(rows));
        }

        (_, int count, int width) = Split(table, 0);
        HashSet<int> seen = [];
        Tensor c = ResultScope.Rent(table.Shape);
        table.Data.CopyTo(c.Data);
        for (int i = 0; i < indices.Length; i++)
        {
            if ((uint)indices[i] >= (uint)count)
            {
                throw new ArgumentOutOfRangeException(nameof(indices), indices[i], $"A table of shape {table.ShapeText} has no such row.");
            }

            if (!seen.Add(indices[i]))
            {
                throw new ArgumentException($"Row {indices[i]} is given twice.", nameof(indices));
            }

            rows.Data.Slice(i * width, width).CopyTo(c.Data[(indices[i] * width)..]);
        }

        return NeedGradient(table, rows) ? c.With(new ScatterRowsGradient(table, indices.ToArray(), rows)) : c;
    }

    // Each element moves up past the smaller ones among the largest so far; the smallest falls out.
    private static void FindLargest(ReadOnlySpan<float> row, Span<int> largest)
    {
        int found = 0;
        for (int i = 0; i < row.Length; i++)
        {
            int place = found;
            while (place > 0 && row[i] > row[largest[place - 1]])
            {
                place--;
            }

            if (place < largest.Length)
            {
                found = Math.Min(found + 1, largest.Length);
                largest[place..(found - 1)].CopyTo(largest[(place + 1)..]);
                largest[place] = i;
            }
        }
    }

    /// <summary>Element i of the result came from one place of x.</summary>
    private sealed class PlacesGradient(Tensor x, int[] places) : Operation
    {
        public override void Backward(Tensor gradient, Gradients gradients)
        {
            Tensor sum = gradients.Buffer(x);
            for (int i = 0; i < places.Length; i++)
            {
                sum.Data[places[i]] += gradient.Data[i];
            }
        }
    }

    private sealed class ScatterRowsGradient(Tensor table, int[] indices, Tensor rows) : Operation
    {
        public override void Backward(Tensor gradient, Gradients gradients)
        {
            int width = Split(table, 0).Inner;
            if (rows.NeedsGradient)
            {
                Tensor ofRows = gradients.Rent(rows.Shape);
                for (int i = 0; i < indices.Length; i++)
                {
                    gradient.Data.Slice(indices[i] * width, width).CopyTo(ofRows.Data[(i * width)..]);
                }

                gradients.Add(rows, ofRows);
            }

            if (table.NeedsGradient)
            {
                Tensor ofTable = gradients.Rent(table.Shape);
                gradient.Data.CopyTo(ofTable.Data);
                foreach (int index in indices)
                {
                    ofTable.Data.Slice(index * width, width).Clear();
                }

                gradients.Add(table, ofTable);
            }
        }
    }
}
