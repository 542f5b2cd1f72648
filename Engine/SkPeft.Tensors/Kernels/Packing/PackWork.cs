using System.Runtime.InteropServices;
using SkPeft.Tensors.Threading;

namespace SkPeft.Tensors.Kernels;

/// <summary>Packs the panels of one matrix, a run of panels a worker.</summary>
internal sealed unsafe class PackWork(RowList rows, PackedMatrix matrix) : IWork
{
    private int _rejected;

    /// <summary>True where a value cannot be held by this kind of panel: an infinity or NaN.</summary>
    public bool Rejected => _rejected != 0;

    public void Execute(int worker, int workers)
    {
        int first = (int)((long)matrix.Panels * worker / workers);
        int end = (int)((long)matrix.Panels * (worker + 1) / workers);
        var values = new float[PanelKinds.IsQuantised(matrix.Kind) ? 0 : matrix.Columns];
        var quantised = new QuantisedRow(PanelKinds.IsQuantised(matrix.Kind) ? matrix.Columns : 0);
        for (int r = first * PackedMatrix.PanelRows; r < Math.Min(end * PackedMatrix.PanelRows, matrix.Rows); r++)
        {
            (MatrixSource source, int number) = rows[r];
            byte* panel = matrix.Panel(r / PackedMatrix.PanelRows);
            if (!WriteRow(source, number, panel, r % PackedMatrix.PanelRows, values, quantised))
            {
                Volatile.Write(ref _rejected, 1);
                return;
            }
        }
    }

    private bool WriteRow(MatrixSource source, int number, byte* panel, int row, float[] values, QuantisedRow quantised)
    {
        switch (matrix.Kind)
        {
            case PanelKind.Single:
                source.DequantizeRow(number, values);
                PanelWriter.WriteSingles(values, panel, row);
                return true;
            case PanelKind.Half:
                ReadOnlySpan<byte> bytes = source.RowBytes(number);
                PanelWriter.WriteHalves(bytes, panel, row);
                return !MemoryMarshal.Cast<byte, ushort>(bytes).ContainsAnyNotFinite();
            case PanelKind.BFloat16:
                PanelWriter.WriteHalves(source.RowBytes(number), panel, row);
                return true;
            default:
                QuantisedReader.Read(source.Type, source.RowBytes(number), quantised);
                PanelWriter.Write(matrix.Kind, quantised, panel, row);
                return quantised.IsFinite;
        }
    }
}
