namespace SkPeft.Tensors.Kernels;

/// <summary>Rows and steps of the sum whose A is packed at one time, as [stretch][strip][step][row].</summary>
internal readonly struct BlockedPart(int row, int rows, int k, int depth, in Blocking blocking)
{
    /// <summary>Neighbouring strips that are packed together: where A is transposed, they share cache lines.</summary>
    private const int StripsTogether = 8;

    private readonly int _stretch = blocking.Depth;
    private readonly int _width = blocking.Rows;
    private readonly int _strips = GemmPacker.Strips(rows, blocking.Rows);

    public int Row => row;

    public int Rows => rows;

    public int K => k;

    public int Depth => depth;

    /// <summary>Blocks of rows.</summary>
    public int Blocks { get; } = GemmPacker.Strips(rows, blocking.BlockRows);

    public int PackingTasks => GemmPacker.Strips(_strips, StripsTogether) * GemmPacker.Strips(depth, _stretch);

    /// <summary>Steps of the stretch that begins k steps into the part.</summary>
    public int DepthAt(int k) => Math.Min(_stretch, depth - k);

    /// <summary>Where a strip's stretch begins, in floats.</summary>
    public long Offset(int strip, int k) => ((long)_strips * _width * k) + ((long)strip * _width * DepthAt(k));

    public (int Strip, int Strips, int K, int Depth) PackingTask(int task)
    {
        int groups = GemmPacker.Strips(_strips, StripsTogether);
        int strip = task % groups * StripsTogether;
        int k = task / groups * _stretch;
        return (strip, Math.Min(StripsTogether, _strips - strip), k, DepthAt(k));
    }
}
