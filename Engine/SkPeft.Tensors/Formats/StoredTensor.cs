namespace SkPeft.Tensors.Formats;

/// <summary>
/// A tensor in a mapped file: a view, not a copy. Rows run along the last dimension; a tensor of more than two dimensions has as
/// many rows as the product of all others. Dead once its file is disposed (<see cref="ObjectDisposedException"/>); whoever
/// disposes the file sees to it that nobody is still reading.
/// </summary>
public sealed class StoredTensor
{
    private readonly MappedFile _file;
    private readonly long _offset;
    private readonly TensorTypeInfo _info;
    private readonly TensorExtent _extent;
    private readonly long[] _shape;

    internal StoredTensor(MappedFile file, string name, TensorTypeInfo info, long[] shape, TensorExtent extent, long offset)
    {
        (_file, Name, _info, _shape, _extent, _offset) = (file, name, info, shape, extent, offset);
        _ = extent.Bytes == 0 ? default : file.Span(offset + extent.Bytes - 1, 1); // Checked by the reader; never trust it alone.
    }

    /// <summary>The name in the file.</summary>
    public string Name { get; }

    /// <summary>The file, as the caller named it.</summary>
    public string File => _file.Path;

    /// <summary>How the numbers are encoded.</summary>
    public TensorType Type => _info.Type;

    /// <summary>Sizes, row-major, in torch's order: a linear layer is [out, in].</summary>
    public IReadOnlyList<long> Shape => _shape;

    /// <summary>Rows: the product of all sizes but the last.</summary>
    public long RowCount => _extent.Rows;

    /// <summary>Numbers in a row: the last size (1 for a scalar).</summary>
    public long ColumnCount => _extent.Columns;

    /// <summary>Numbers in all.</summary>
    public long ElementCount => _extent.Elements;

    /// <summary>Bytes of one row.</summary>
    public long BytesPerRow => _extent.RowBytes;

    /// <summary>Bytes of all rows, which lie one after another.</summary>
    public long ByteLength => _extent.Bytes;

    /// <summary>The address of the first row. Valid until the file is disposed.</summary>
    /// <exception cref="ObjectDisposedException">The file was disposed.</exception>
    public unsafe byte* Pointer => _file.Pointer(_offset, ByteLength);

    /// <summary>The encoded bytes of one row. Valid until the file is disposed.</summary>
    /// <exception cref="ObjectDisposedException">The file was disposed.</exception>
    public ReadOnlySpan<byte> RowBytes(long row)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(row);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(row, RowCount);
        return _file.Span(_offset + row * BytesPerRow, BytesPerRow);
    }

    /// <summary>Decodes one row into <paramref name="to"/>, exactly as ggml's reference does (fp32, no fused operations).</summary>
    /// <param name="row">The row, 0-based.</param>
    /// <param name="to">At least <see cref="ColumnCount"/> numbers.</param>
    /// <exception cref="FileFormatException">The type is no float type.</exception>
    /// <exception cref="ObjectDisposedException">The file was disposed.</exception>
    public void DequantizeRow(long row, Span<float> to) => Decoder(RowBytes(row), to[..checked((int)ColumnCount)]);

    /// <summary>Decodes the whole tensor, row-major.</summary>
    /// <param name="to">At least <see cref="ElementCount"/> numbers.</param>
    /// <exception cref="FileFormatException">The type is no float type.</exception>
    /// <exception cref="ObjectDisposedException">The file was disposed.</exception>
    public void CopyTo(Span<float> to)
    {
        _ = Decoder;
        to = to[..checked((int)ElementCount)];
        int columns = (int)ColumnCount;
        for (long row = 0; row < RowCount && columns > 0; row++)
        {
            DequantizeRow(row, to.Slice((int)(row * columns), columns));
        }
    }

    /// <summary>The whole tensor, row-major, as an array of its own.</summary>
    /// <exception cref="FileFormatException">The type is no float type.</exception>
    /// <exception cref="ObjectDisposedException">The file was disposed.</exception>
    public float[] ToArray()
    {
        _ = Decoder;
        float[] values = new float[checked((int)ElementCount)];
        CopyTo(values);
        return values;
    }

    /// <summary>
    /// Says that these bytes are not needed for now, so that the operating system may take the memory back (Linux; nothing
    /// elsewhere). Reading them again is legal and reads the file again.
    /// </summary>
    /// <exception cref="ObjectDisposedException">The file was disposed.</exception>
    public void ReleasePages() => _file.Discard(_offset, ByteLength);

    /// <summary>Name, type and shape.</summary>
    public override string ToString() => $"{Name} {Type} {TensorExtent.Describe(_shape)}";

    private Dequantization.BlockDecoder Decoder => _info.Decoder
        ?? throw new FileFormatException(File, $"tensor '{Name}' type", $"{Type}", "a type that can be read as floats");
}
