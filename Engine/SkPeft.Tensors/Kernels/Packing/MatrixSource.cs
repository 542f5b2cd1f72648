using System.Runtime.InteropServices;
using SkPeft.Tensors.Formats;

namespace SkPeft.Tensors.Kernels;

/// <summary>Rows of weights as they are stored, read once while they are repacked.</summary>
public abstract class MatrixSource
{
    private protected MatrixSource(TensorType type, int rows, int columns)
    {
        Type = type;
        Rows = rows;
        Columns = columns;
    }

    /// <summary>How the rows are encoded.</summary>
    public TensorType Type { get; }

    /// <summary>Number of rows (outputs).</summary>
    public int Rows { get; }

    /// <summary>Values in a row (inputs).</summary>
    public int Columns { get; }

    /// <summary>A tensor of an open file, which must stay open until the matrix is packed.</summary>
    /// <exception cref="OverflowException">A size is beyond 2³¹ − 1.</exception>
    public static MatrixSource FromTensor(StoredTensor tensor) => new TensorSource(tensor);

    /// <summary>Rows of fp32 values, row-major [rows, columns].</summary>
    /// <exception cref="ArgumentException">There are not rows × columns values.</exception>
    public static MatrixSource FromFloats(ReadOnlyMemory<float> values, int rows, int columns) => new FloatSource(values, rows, columns);

    /// <summary>Rows in any encoding, one after another.</summary>
    /// <exception cref="ArgumentException">The bytes are not rows × columns values of that type.</exception>
    public static MatrixSource FromBytes(TensorType type, ReadOnlyMemory<byte> bytes, int rows, int columns) =>
        new ByteSource(type, bytes, rows, columns);

    /// <summary>The encoded bytes of a row.</summary>
    internal abstract ReadOnlySpan<byte> RowBytes(int row);

    /// <summary>Writes the values of a row.</summary>
    internal abstract void DequantizeRow(int row, Span<float> to);

    private sealed class TensorSource(StoredTensor tensor)
        : MatrixSource(tensor.Type, checked((int)tensor.RowCount), checked((int)tensor.ColumnCount))
    {
        internal override ReadOnlySpan<byte> RowBytes(int row) => tensor.RowBytes(row);

        internal override void DequantizeRow(int row, Span<float> to) => tensor.DequantizeRow(row, to);
    }

    private sealed class FloatSource : MatrixSource
    {
        private readonly ReadOnlyMemory<float> _values;

        public FloatSource(ReadOnlyMemory<float> values, int rows, int columns)
            : base(TensorType.F32, rows, columns)
        {
            if (values.Length != (long)rows * columns)
            {
                throw new ArgumentException($"{values.Length} values are not {rows} rows of {columns}.", nameof(values));
            }

            _values = values;
        }

        internal override ReadOnlySpan<byte> RowBytes(int row) =>
            MemoryMarshal.AsBytes(_values.Span.Slice(row * Columns, Columns));

        internal override void DequantizeRow(int row, Span<float> to) => _values.Span.Slice(row * Columns, Columns).CopyTo(to);
    }

    private sealed class ByteSource : MatrixSource
    {
        private readonly ReadOnlyMemory<byte> _bytes;
        private readonly int _rowBytes;

        public ByteSource(TensorType type, ReadOnlyMemory<byte> bytes, int rows, int columns)
            : base(type, rows, columns)
        {
            _rowBytes = columns / type.BlockSize() * type.BytesPerBlock();
            if (!type.IsReadableAsFloat() || columns % type.BlockSize() != 0 || bytes.Length != (long)rows * _rowBytes)
            {
                throw new ArgumentException($"{bytes.Length} bytes are not {rows} rows of {columns} values of {type}.", nameof(bytes));
            }

            _bytes = bytes;
        }

        internal override ReadOnlySpan<byte> RowBytes(int row) => _bytes.Span.Slice(row * _rowBytes, _rowBytes);

        internal override void DequantizeRow(int row, Span<float> to) => TensorTypeInfo.Of(Type).Decoder!(RowBytes(row), to[..Columns]);
    }
}
