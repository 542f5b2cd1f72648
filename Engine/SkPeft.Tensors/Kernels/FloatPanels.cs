namespace SkPeft.Tensors.Kernels;

/// <summary>fp32 panels: [panel][column][16 rows].</summary>
internal sealed unsafe class FloatPanels : PackedMatrix
{
    private readonly NativeBuffer _values;

    public FloatPanels(RowList rows)
        : base(rows.Count, rows.Columns)
    {
        _values = new NativeBuffer((long)Panels * Columns * PanelRows * sizeof(float));
        var row = new float[Columns];
        for (int r = 0; r < Rows; r++)
        {
            (MatrixSource source, int number) = rows[r];
            source.DequantizeRow(number, row);
            float* to = Panel(r / PanelRows) + (r % PanelRows);
            for (int k = 0; k < Columns; k++)
            {
                to[(long)k * PanelRows] = row[k];
            }
        }
    }

    public override long Bytes => _values.Bytes;

    public float* Panel(int panel) => _values.Floats + ((long)panel * Columns * PanelRows);

    public override void DequantizeRow(int row, Span<float> to)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(row);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(row, Rows);
        float* from = Panel(row / PanelRows) + (row % PanelRows);
        for (int k = 0; k < Columns; k++)
        {
            to[k] = from[(long)k * PanelRows];
        }
    }

    public override void Dispose() => _values.Dispose();
}
