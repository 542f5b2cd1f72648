namespace SkPeft.Tensors.Kernels;

/// <summary>Rows and steps of the sum that the team does in one dispatch.</summary>
internal readonly struct BlockedPart(int row, int rows, int k, int depth, in Blocking blocking)
{
    private readonly int _stretch = blocking.Depth;
    private readonly int _blockRows = blocking.BlockRows;

    public int K => k;

    public int Depth => depth;

    /// <summary>Blocks of rows.</summary>
    public int Blocks { get; } = GemmPacker.Strips(rows, blocking.BlockRows);

    /// <summary>Steps of the stretch that begins k steps into the part.</summary>
    public int DepthAt(int k) => Math.Min(_stretch, depth - k);

    /// <summary>First row of a block, and how many it has.</summary>
    public (int First, int Count) Rows(int block) => (row + (block * _blockRows), Math.Min(_blockRows, rows - (block * _blockRows)));
}
