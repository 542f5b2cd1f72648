namespace SkPeft.Tensors.Kernels;

/// <summary>
/// Immutable weights [Rows = outputs, Columns = inputs], repacked once into panels of 16 rows in native memory, so that one
/// vector holds 16 outputs and no sum runs across a register. Made by <see cref="MatrixPacker"/>.
/// </summary>
public abstract class PackedMatrix : IDisposable
{
    /// <summary>Rows in a panel.</summary>
    public const int PanelRows = 16;

    private protected PackedMatrix(int rows, int columns)
    {
        Rows = rows;
        Columns = columns;
        Panels = (rows + PanelRows - 1) / PanelRows;
    }

    /// <summary>Number of outputs.</summary>
    public int Rows { get; }

    /// <summary>Number of inputs.</summary>
    public int Columns { get; }

    /// <summary>Bytes of native memory held.</summary>
    public abstract long Bytes { get; }

    internal int Panels { get; }

    /// <summary>Writes the values that the file stores for one row, exactly.</summary>
    /// <param name="row">0 … Rows − 1, in packed order.</param>
    /// <param name="to">Room for <see cref="Columns"/> values.</param>
    public abstract void DequantizeRow(int row, Span<float> to);

    /// <inheritdoc/>
    public abstract void Dispose();
}
