namespace SkPeft.Tensors.Kernels;

/// <summary>A worker's block of A: a stretch of the sum of some rows, where they lie, copied side by side, or packed as [tile][step][row].</summary>
internal unsafe struct BlockedInputs(in BlockedCall call, in Blocking blocking, int tileRows, float* packed)
{
    private readonly GemmOperand _a = call.A;
    private readonly int _lines = call.M;
    private readonly bool _inPlace = blocking.InPlace;
    private readonly int _rowStride = blocking.RowStride;

    /// <summary>First row.</summary>
    public int Row { get; private set; } = -1;

    /// <summary>Number of rows.</summary>
    public int Rows { get; private set; }

    /// <summary>First step.</summary>
    public int K { get; private set; }

    /// <summary>Number of steps.</summary>
    public int Depth { get; private set; }

    /// <summary>Goes to another block, and packs or copies it if need be.</summary>
    public void MoveTo(int row, int rows, int k, int depth)
    {
        if (Row == row && K == k)
        {
            return;
        }

        (Row, Rows, K, Depth) = (row, rows, k, depth);
        if (_rowStride > 0)
        {
            for (int r = 0; r < rows; r++)
            {
                new ReadOnlySpan<float>(_a.Values + ((row + r) * _a.Stride) + k, depth).CopyTo(new Span<float>(packed + ((long)r * _rowStride), depth));
            }
        }
        else if (!_inPlace)
        {
            GemmPacker.PackMany(_a, _lines, row, tileRows, GemmPacker.Strips(rows, tileRows), k, depth, packed);
        }
    }

    /// <summary>The tile's rows that begin <paramref name="row"/> rows into the block.</summary>
    public readonly TileInput Tile(int row) =>
        _inPlace ? _a.InPlace(Row + row, K)
        : _rowStride > 0 ? new TileInput(packed + ((long)row * _rowStride), _rowStride, 1)
        : new TileInput(packed + ((long)row * Depth), 1, tileRows);
}
