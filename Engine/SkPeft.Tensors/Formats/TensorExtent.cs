namespace SkPeft.Tensors.Formats;

/// <summary>The sizes that a shape and a type imply, computed without overflow.</summary>
internal readonly record struct TensorExtent(long Rows, long Columns, long RowBytes)
{
    public long Elements => Rows * Columns;

    public long Bytes => Rows * RowBytes;

    /// <summary>Checks a row-major shape.</summary>
    /// <exception cref="FileFormatException">Negative or overflowing sizes, or rows that are no whole number of blocks.</exception>
    public static TensorExtent Of(string file, string tensor, ReadOnlySpan<long> shape, TensorTypeInfo type)
    {
        long columns = shape.IsEmpty ? 1 : shape[^1];
        long rows = 1;
        foreach (long size in shape)
        {
            if (size < 0)
            {
                throw new FileFormatException(file, $"tensor '{tensor}' shape", Describe(shape), "sizes that are not negative");
            }
        }

        try
        {
            foreach (long size in shape.IsEmpty ? shape : shape[..^1])
            {
                rows = checked(rows * size);
            }

            if (columns % type.BlockSize != 0)
            {
                throw new FileFormatException(file, $"tensor '{tensor}' shape", $"{columns} numbers a row",
                    $"a multiple of {type.BlockSize}, the block of {type.Type}");
            }

            TensorExtent extent = new(rows, columns, checked(columns / type.BlockSize * type.BytesPerBlock));
            _ = checked(extent.Rows * extent.Columns);
            _ = checked(extent.Rows * extent.RowBytes);
            return extent;
        }
        catch (OverflowException e)
        {
            throw new FileFormatException(file, $"tensor '{tensor}' shape", Describe(shape), "a size that fits 63 bits", e);
        }
    }

    public static string Describe(ReadOnlySpan<long> shape) => $"[{string.Join(", ", shape.ToArray())}]";
}
