namespace SkPeft.Tensors.Kernels;

/// <summary>A worker's block of A: a stretch of the sum of some rows, where they lie or packed as [tile][step][row].</summary>
internal unsafe struct BlockedInputs(in BlockedCall call, in Blocking blocking, int tileRows, float* packed)
{
    private readonly GemmOperand _a = call.A;
    private readonly int _lines = call.M;
    private readonly bool _inPlace = blocking.InPlace;

    /// <summary>First row.</summary>
    public int Row { get; private set; } = -1;

    /// <summary>Number of rows.</summary>
    public int Rows { get; private set; }

    /// <summary>First step.</summary>
    public int K { get; private set; }

    /// <summary>Number of steps.</summary>
    public int Depth { get; private set; }

    /// <summary>Goes to another block, and packs it if need be.</summary>
    public void MoveTo(int row, int rows, int k, int depth)
    {
        if (Row == row && K == k)
        {
            return;
        }

        (Row, Rows, K, Depth) = (row, rows, k, depth);
        if (!_inPlace)
        {
            GemmPacker.PackMany(_a, _lines, row, tileRows, GemmPacker.Strips(rows, tileRows), k, depth, packed);
        }
    }

    /// <summary>The tile's rows that begin <paramref name="row"/> rows into the block.</summary>
    public readonly TileInput Tile(int row) => _inPlace ? _a.InPlace(Row + row, K) : new TileInput(packed + ((long)row * Depth), 1, tileRows);
}
