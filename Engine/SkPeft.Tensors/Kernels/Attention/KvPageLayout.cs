namespace SkPeft.Tensors.Kernels;

/// <summary>
/// How a page of the key/value cache is laid out. A page holds <see cref="Positions"/> consecutive positions of one sequence,
/// for every layer and every key/value head: blocks in the order layer, head, (K, V). K of a block is transposed,
/// [dim][16 positions], so that 16 scores come out of one vector; V is [16 positions][dim]. The dimension is padded with zeros
/// to a multiple of 16.
/// </summary>
/// <param name="Layers">Transformer layers.</param>
/// <param name="KvHeads">Key/value heads.</param>
/// <param name="HeadDim">Values in a head; even.</param>
/// <param name="Half">True: fp16, false: fp32.</param>
public sealed record KvPageLayout(int Layers, int KvHeads, int HeadDim, bool Half = false)
{
    /// <summary>Positions in a page.</summary>
    public const int Positions = 16;

    /// <summary>Values stored for a head and position: the head's, padded to a multiple of 16.</summary>
    public int PaddedDim { get; } = (HeadDim + 15) / 16 * 16;

    /// <summary>Bytes of one stored value.</summary>
    public int ValueBytes => Half ? 2 : 4;

    /// <summary>Bytes of the K block or the V block of one layer and head.</summary>
    public int BlockBytes => Positions * PaddedDim * ValueBytes;

    /// <summary>Bytes of a page.</summary>
    public long PageBytes => 2L * Layers * KvHeads * BlockBytes;

    /// <summary>Offset in bytes of the K block; the V block follows it directly.</summary>
    public long KeyOffset(int layer, int kvHead) => 2L * BlockBytes * (((long)layer * KvHeads) + kvHead);

    /// <summary>Offset in bytes of the V block.</summary>
    public long ValueOffset(int layer, int kvHead) => KeyOffset(layer, kvHead) + BlockBytes;
}
