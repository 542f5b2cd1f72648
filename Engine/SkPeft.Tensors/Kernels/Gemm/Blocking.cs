namespace SkPeft.Tensors.Kernels;

/// <summary>
/// Sizes of the blocks of one product. Only <see cref="Depth"/> changes the order of sums, and it depends on nothing but the
/// length of the sum and the kind of B.
/// </summary>
internal readonly struct Blocking
{
    /// <summary>Strips of B that a worker draws at a time.</summary>
    public const int MostStrips = 2;

    /// <summary>
    /// Steps of the sum at a time. A strip of B then takes 64 KB and streams from the second-level cache, which costs nothing; fewer
    /// steps cost more, because C is then read and written more often.
    /// </summary>
    private const int MaxDepth = 512;

    /// <summary>Rows of A that meet a strip of B once it is packed. Fewer would stay in a nearer cache, but B be packed more often.</summary>
    private const int MaxBlockRows = 600;

    /// <summary>Rows of A that are packed at a time.</summary>
    private const int MaxPartRows = 3024;

    /// <summary>Stretches that are packed at a time, where they are short: each packing is two dispatches of the team.</summary>
    private const int MaxPartStretches = 4;

    /// <summary>Bytes of A that may be packed for more than one stretch: all that a strip of B meets should stay in the second-level cache.</summary>
    private const long PartBytes = 1 << 20;

    public Blocking(in BlockedCall call, MicroKernel micro, int workers)
    {
        Depth = Even(call.K, MaxDepth, call.B.DepthMultiple);
        PartRows = Even(call.M, MaxPartRows, micro.Rows);
        PartDepth = Depth * (int)Math.Clamp(PartBytes / ((long)PartRows * Depth * sizeof(float)), 1, MaxPartStretches);
        Strips = GemmPacker.Strips(call.N, micro.Columns);
        FewRows = call.M <= 2 * micro.Rows;
        Rows = micro.Rows;

        // Enough units for all workers, though B is then packed for every block.
        int most = MaxBlockRows;
        while (most >= 8 * micro.Rows && (long)Strips * GemmPacker.Strips(call.M, most) < 3L * workers)
        {
            most /= 2;
        }

        BlockRows = Even(PartRows, most, micro.Rows);
        PackedFloats = (long)GemmPacker.Strips(Math.Min(call.M, PartRows), micro.Rows) * micro.Rows * Math.Min(PartDepth, call.K);
        StripFloats = (long)micro.Columns * ((MostStrips * Depth) + PackedMatrix.PanelRows);
    }

    /// <summary>Steps of the sum at a time.</summary>
    public int Depth { get; }

    /// <summary>Rows of a block.</summary>
    public int BlockRows { get; }

    /// <summary>Rows that are packed at a time.</summary>
    public int PartRows { get; }

    /// <summary>Steps of the sum that are packed at a time.</summary>
    public int PartDepth { get; }

    /// <summary>Strips of B.</summary>
    public int Strips { get; }

    /// <summary>Rows of a strip of A.</summary>
    public int Rows { get; }

    /// <summary>True where a strip of B is used once or twice, so that packing it does not pay.</summary>
    public bool FewRows { get; }

    /// <summary>Floats of packed A.</summary>
    public long PackedFloats { get; }

    /// <summary>Floats of a run of packed strips of B.</summary>
    public long StripFloats { get; }

    // The largest of as few equal parts as a most allows, in whole tiles.
    private static int Even(int count, int most, int multiple)
    {
        int parts = GemmPacker.Strips(count, most);
        return GemmPacker.Strips(GemmPacker.Strips(count, parts), multiple) * multiple;
    }
}
