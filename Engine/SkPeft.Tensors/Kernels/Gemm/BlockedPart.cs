namespace SkPeft.Tensors.Kernels;

/// <summary>Rows and steps of the sum whose A is packed at one time, as [strip][step][row].</summary>
internal readonly struct BlockedPart(int row, int rows, int k, int depth, in Blocking blocking)
{
    /// <summary>Neighbouring strips that are packed together: where A is transposed, they share cache lines.</summary>
    private const int StripsTogether = 8;

    private readonly int _width = blocking.Rows;
    private readonly int _strips = GemmPacker.Strips(rows, blocking.Rows);

    public int Row => row;

    public int Rows => rows;

    public int K => k;

    public int Depth => depth;

    /// <summary>Blocks of rows.</summary>
    public int Blocks { get; } = GemmPacker.Strips(rows, blocking.BlockRows);

    public int PackingTasks => GemmPacker.Strips(_strips, StripsTogether);

    /// <summary>Where a strip begins, in floats.</summary>
    public long Offset(int strip) => (long)strip * _width * depth;

    public (int Strip, int Strips) PackingTask(int task)
    {
        int strip = task * StripsTogether;
        return (strip, Math.Min(StripsTogether, _strips - strip));
    }
}
