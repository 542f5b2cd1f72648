namespace SkPeft.Tensors.Formats;

/// <summary>A tensor to be written: its shape, its type, and its values row by row, so that a model can be written without being in memory.</summary>
public sealed class GgufEntry
{
    private readonly TensorTypeInfo _info;
    private readonly TensorExtent _extent;
    private readonly Action<long, Span<float>> _fillRow;

    /// <summary>Creates an entry.</summary>
    /// <param name="name">The name.</param>
    /// <param name="shape">Sizes, row-major, in torch's order: a linear layer is [out, in].</param>
    /// <param name="type">The type to encode as; see <see cref="TensorTypeExtensions.IsWritable"/>.</param>
    /// <param name="fillRow">Writes row i (of the product of all sizes but the last) into a span as long as the last size.</param>
    /// <exception cref="ArgumentException">A type that cannot be written.</exception>
    /// <exception cref="FileFormatException">Negative or overflowing sizes, or rows that are no whole number of the type's blocks.</exception>
    public GgufEntry(string name, IReadOnlyList<long> shape, TensorType type, Action<long, Span<float>> fillRow)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(shape);
        ArgumentNullException.ThrowIfNull(fillRow);
        (Name, Shape, _info, _fillRow) = (name, [.. shape], TensorTypeInfo.Of(type), fillRow);
        if (!type.IsWritable())
        {
            throw new ArgumentException($"Tensor '{name}' cannot be written as {type}; {TensorTypeInfo.WritableTypes} can.", nameof(type));
        }

        _extent = TensorExtent.Of(name, name, [.. shape], _info);
    }

    /// <summary>The name.</summary>
    public string Name { get; }

    /// <summary>Sizes, row-major.</summary>
    public IReadOnlyList<long> Shape { get; }

    /// <summary>The type.</summary>
    public TensorType Type => _info.Type;

    /// <summary>Numbers in all.</summary>
    public long ElementCount => _extent.Elements;

    /// <summary>Bytes of all rows.</summary>
    public long ByteLength => _extent.Bytes;

    internal uint GgmlId => (uint)_info.GgmlId!.Value;

    /// <summary>Encodes row by row.</summary>
    /// <param name="file">The file, for messages.</param>
    /// <param name="write">Gets the bytes of every row.</param>
    /// <param name="cancellationToken">Looked at before every row.</param>
    internal void WriteRows(string file, Action<ReadOnlySpan<byte>> write, CancellationToken cancellationToken)
    {
        float[] values = new float[checked((int)_extent.Columns)];
        byte[] bytes = new byte[checked((int)_extent.RowBytes)];
        for (long row = 0; row < _extent.Rows && bytes.Length > 0; row++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            _fillRow(row, values);
            if (!TensorEncoder.TryEncode(Type, values, bytes, out int bad))
            {
                throw new FileFormatException(file, $"tensor '{Name}' row {row}", $"{values[bad]} at column {bad}",
                    $"finite numbers within the range of {Type} (BF16 and F32 have the widest)");
            }

            write(bytes);
        }
    }
}
