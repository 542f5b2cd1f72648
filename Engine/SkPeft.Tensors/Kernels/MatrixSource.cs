namespace SkPeft.Tensors.Kernels;

/// <summary>Rows of weights as they are stored, read once while they are repacked.</summary>
/// <param name="rows">Number of rows (outputs).</param>
/// <param name="columns">Values in a row (inputs).</param>
public abstract class MatrixSource(int rows, int columns)
{
    /// <summary>Number of rows (outputs).</summary>
    public int Rows { get; } = rows;

    /// <summary>Values in a row (inputs).</summary>
    public int Columns { get; } = columns;

    /// <summary>Writes the exact values of a row.</summary>
    public abstract void DequantizeRow(int row, Span<float> to);

    /// <summary>Wraps fp32 values, row-major [rows, columns].</summary>
    public static MatrixSource FromFloats(ReadOnlyMemory<float> values, int rows, int columns) => new FloatSource(values, rows, columns);

    private sealed class FloatSource(ReadOnlyMemory<float> values, int rows, int columns) : MatrixSource(rows, columns)
    {
        public override void DequantizeRow(int row, Span<float> to) => values.Span.Slice(row * Columns, Columns).CopyTo(to);
    }
}
