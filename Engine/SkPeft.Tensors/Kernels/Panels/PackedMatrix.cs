namespace SkPeft.Tensors.Kernels;

/// <summary>
/// Immutable weights [Rows = outputs, Columns = inputs], repacked once into panels of 16 rows in native memory, so that one
/// vector holds 16 outputs and no sum runs across a register. One layout serves decoding, batches and prompts. Made by
/// <see cref="MatrixPacker"/>; may be shared by threads.
/// </summary>
public sealed unsafe class PackedMatrix : IDisposable
{
    /// <summary>Rows in a panel.</summary>
    public const int PanelRows = 16;

    private readonly NativeBuffer _memory;
    private readonly PanelKernel _kernel;

    internal PackedMatrix(PanelKind kind, int rows, int columns)
    {
        Kind = kind;
        Rows = rows;
        Columns = columns;
        Panels = (rows + PanelRows - 1) / PanelRows;
        _kernel = PanelKernels.Get(InstructionSets.Supported[^1], kind);
        PanelBytes = (long)_kernel.BlocksOf(columns) * _kernel.BlockBytes;
        _memory = new NativeBuffer(Panels * PanelBytes);
    }

    /// <summary>Number of outputs.</summary>
    public int Rows { get; }

    /// <summary>Number of inputs.</summary>
    public int Columns { get; }

    /// <summary>Bytes of native memory held.</summary>
    public long Bytes => _memory.Bytes;

    internal PanelKind Kind { get; }

    internal int Panels { get; }

    internal long PanelBytes { get; }

    /// <summary>Writes the values that the file stores for one row, exactly.</summary>
    /// <param name="row">0 … Rows − 1, in packed order.</param>
    /// <param name="to">Room for <see cref="Columns"/> values.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such row.</exception>
    /// <exception cref="ArgumentException"><paramref name="to"/> is too short.</exception>
    public void DequantizeRow(int row, Span<float> to)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(row);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(row, Rows);
        to = to.Length >= Columns ? to[..Columns] : throw new ArgumentException($"Room for {to.Length} values, {Columns} are needed.", nameof(to));
        int step = _kernel.BlockInputs;
        float* block = stackalloc float[step * PanelRows];
        byte* from = Panel(row / PanelRows);
        float* lane = block + (row % PanelRows);
        for (int k = 0; k < Columns; k += step, from += _kernel.BlockBytes)
        {
            _kernel.Decode(from, 1, block, PanelRows);
            for (int i = 0; i < Math.Min(step, Columns - k); i++)
            {
                to[k + i] = lane[i * PanelRows];
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _memory.Dispose();

    internal byte* Panel(int panel) => _memory.Start + (panel * PanelBytes);
}
