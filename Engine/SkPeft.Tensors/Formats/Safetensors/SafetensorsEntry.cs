namespace SkPeft.Tensors.Formats;

/// <summary>A tensor to be written: its shape, and its values row by row, so that a model can be written without being in memory.</summary>
public sealed class SafetensorsEntry
{
    private readonly long _rows;
    private readonly Action<long, Span<float>> _fillRow;

    /// <summary>Creates an entry.</summary>
    /// <param name="name">The name; not <c>__metadata__</c>.</param>
    /// <param name="shape">Sizes, row-major.</param>
    /// <param name="fillRow">Writes row i (of the product of all sizes but the last) into a span as long as the last size.</param>
    public SafetensorsEntry(string name, IReadOnlyList<long> shape, Action<long, Span<float>> fillRow)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(shape);
        ArgumentNullException.ThrowIfNull(fillRow);
        (Name, Shape, _fillRow) = (name, [.. shape], fillRow);
        TensorExtent extent = TensorExtent.Of(name, name, [.. shape], TensorTypeInfo.Of(TensorType.F32));
        (_rows, Columns, ByteLength) = (extent.Rows, checked((int)extent.Columns), extent.Bytes);
    }

    /// <summary>The name.</summary>
    public string Name { get; }

    /// <summary>Sizes, row-major.</summary>
    public IReadOnlyList<long> Shape { get; }

    internal int Columns { get; }

    internal long ByteLength { get; }

    /// <summary>An entry of values in memory, row-major.</summary>
    /// <param name="name">The name.</param>
    /// <param name="shape">Sizes, row-major.</param>
    /// <param name="values">As many numbers as the shape has.</param>
    public static SafetensorsEntry Of(string name, IReadOnlyList<int> shape, ReadOnlyMemory<float> values)
    {
        ArgumentNullException.ThrowIfNull(shape);
        SafetensorsEntry entry = new(name, [.. shape.Select(size => (long)size)],
            (row, to) => values.Span.Slice((int)row * to.Length, to.Length).CopyTo(to));
        return entry.ByteLength == (long)values.Length * sizeof(float)
            ? entry
            : throw new ArgumentException(
                $"'{name}' has {values.Length} numbers, [{string.Join(", ", shape)}] has {entry.ByteLength / sizeof(float)}.", nameof(values));
    }

    /// <summary>An entry of a tensor, read as it is written: nothing is copied.</summary>
    /// <param name="name">The name.</param>
    /// <param name="tensor">The tensor.</param>
    public static SafetensorsEntry Of(string name, Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        return new SafetensorsEntry(name, [.. tensor.Shape.ToArray().Select(size => (long)size)],
            (row, to) => tensor.Data.Slice((int)row * to.Length, to.Length).CopyTo(to));
    }

    /// <summary>An entry that decodes a stored tensor as it is written.</summary>
    /// <param name="tensor">The tensor; its file stays open until the writer is done.</param>
    /// <param name="name">Another name, or null to keep it.</param>
    public static SafetensorsEntry Of(StoredTensor tensor, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        return new SafetensorsEntry(name ?? tensor.Name, tensor.Shape, tensor.DequantizeRow);
    }

    internal void WriteRows(Action<Span<float>> write)
    {
        float[] buffer = new float[Columns];
        for (long row = 0; row < _rows && Columns > 0; row++)
        {
            _fillRow(row, buffer);
            write(buffer);
        }
    }
}
