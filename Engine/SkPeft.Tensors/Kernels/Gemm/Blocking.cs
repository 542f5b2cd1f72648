namespace SkPeft.Tensors.Kernels;

/// <summary>
/// Sizes of the blocks of one product. Only <see cref="Depth"/> changes the order of sums, and it depends on nothing but the
/// length of the sum and the kind of B.
/// </summary>
internal readonly struct Blocking
{
    /// <summary>Strips of B that are written at a time.</summary>
    public const int MostStrips = 2;

    /// <summary>
    /// Steps of the sum at a time. A strip of B then takes 64 KB and streams from the second-level cache, which costs nothing; fewer
    /// steps cost more, because C is then read and written more often.
    /// </summary>
    private const int MaxDepth = 512;

    /// <summary>Rows of A that meet a strip of B once it is packed. Fewer would stay in a nearer cache, but B be packed more often.</summary>
    private const int MaxBlockRows = 600;

    /// <summary>Rows that a worker packs for itself: 768 KB, which stay in the second-level cache.</summary>
    private const int MaxPackedRows = 384;

    /// <summary>Rows of A in a part whose sum is contiguous.</summary>
    private const int MaxPartRows = 3024;

    /// <summary>Stretches of a part, where they are short: each part is a dispatch of the team.</summary>
    private const int MaxPartStretches = 4;

    /// <summary>Bytes of A of which a part may have more than one stretch: all that a strip of B meets should stay in the second-level cache.</summary>
    private const long PartBytes = 1 << 20;

    /// <summary>Bytes between rows of which whole multiples share few sets of the caches.</summary>
    private const long CollidingBytes = 4096;

    /// <summary>Strips of each worker below which copying rows that collide does not pay.</summary>
    private const int FewStrips = 4;

    /// <summary>Floats between copied rows beyond their length: a cache line, so that they do not collide again.</summary>
    private const int RowGap = 16;

    public Blocking(in BlockedCall call, MicroKernel micro, int workers)
    {
        bool contiguous = call.A.SumIsContiguous;
        Strips = GemmPacker.Strips(call.N, micro.Columns);
        bool copied = contiguous && Collides(call.A) && Strips >= FewStrips * workers;
        InPlace = contiguous && !copied;
        Depth = Even(call.K, MaxDepth, call.B.DepthMultiple);
        PartRows = contiguous ? Even(call.M, MaxPartRows, micro.Rows) : call.M;
        PartDepth = !contiguous ? call.K : Depth * (InPlace ? (int)Math.Clamp(PartBytes / ((long)PartRows * Depth * sizeof(float)), 1, MaxPartStretches) : 1);
        MostDrawn = contiguous ? MostStrips : Strips;
        FewRows = call.M <= 2 * micro.Rows;

        // Enough units for all workers, though B is then packed for every block.
        int most = contiguous ? MaxBlockRows : MaxPackedRows;
        while (most >= 8 * micro.Rows && (long)Strips * GemmPacker.Strips(call.M, most) < 3L * workers)
        {
            most /= 2;
        }

        // Who packs a block should be the only one.
        BlockRows = Even(PartRows, most, micro.Rows, contiguous ? 1 : workers);
        RowStride = copied ? Depth + RowGap : 0;
        PackedFloats = InPlace ? 0 : (long)BlockRows * (Depth + RowGap);
        StripFloats = (long)micro.Columns * ((MostStrips * Depth) + PackedMatrix.PanelRows);
    }

    /// <summary>True where the tiles read A where it lies; else a worker packs or copies the rows of its block for itself.</summary>
    /// <remarks>
    /// Nothing that is packed is shared: what one core has just written costs another one about as much to read as packing it anew.
    /// </remarks>
    public bool InPlace { get; }

    /// <summary>Floats between rows of A that are copied as they are; 0 where they are not.</summary>
    public int RowStride { get; }

    /// <summary>Steps of the sum at a time.</summary>
    public int Depth { get; }

    /// <summary>Rows of a block.</summary>
    public int BlockRows { get; }

    /// <summary>Rows of a part.</summary>
    public int PartRows { get; }

    /// <summary>Steps of a part.</summary>
    public int PartDepth { get; }

    /// <summary>Strips of B.</summary>
    public int Strips { get; }

    /// <summary>True where a strip of B is used once or twice, so that packing it does not pay.</summary>
    public bool FewRows { get; }

    /// <summary>Strips that a worker draws at a time. Where copying A is cheap it is done for each worker's block, which then meets all it can.</summary>
    public int MostDrawn { get; }

    /// <summary>Floats of a worker's packed rows of A.</summary>
    public long PackedFloats { get; }

    /// <summary>Floats of a worker's packed strips of B.</summary>
    public long StripFloats { get; }

    // Rows this far apart evict each other from caches that hold them all.
    private static bool Collides(in GemmOperand a) => a.Stride * sizeof(float) % CollidingBytes == 0;

    // The largest of as few equal parts as a most allows, in whole tiles; if more than one, then a multiple of so many.
    private static int Even(int count, int most, int multiple, int together = 1)
    {
        int parts = GemmPacker.Strips(count, most);
        parts = parts > 1 ? GemmPacker.Strips(parts, together) * together : 1;
        return GemmPacker.Strips(GemmPacker.Strips(count, parts), multiple) * multiple;
    }
}
