namespace SkPeft.Tensors.Kernels;

/// <summary>
/// Some query rows of one head and what they see: the keys of the prefix, then those of the sequence up to the block's last row.
/// </summary>
internal readonly unsafe struct RowBlock(in RowAttention call, in RowSpan span, int head, int first, int rows)
{
    private readonly long _queryOffset = (long)head * call.HeadDim;

    public int HeadDim { get; } = call.HeadDim;

    /// <summary>The sequence's first row, counted as in the call.</summary>
    public int SequenceRow { get; } = span.FirstRow;

    /// <summary>The block's first row, counted as in the call.</summary>
    public int FirstRow { get; } = span.FirstRow + first;

    public int Rows { get; } = rows;

    /// <summary>Keys of the prefix.</summary>
    public int Prefix { get; } = span.PrefixCount;

    /// <summary>Keys of the sequence that the last row sees.</summary>
    public int Own { get; } = first + rows;

    /// <summary>All keys that the last row sees.</summary>
    public int Seen => Prefix + Own;

    /// <summary>Floats from the start of a key row to this head.</summary>
    public long KeyOffset { get; } = (long)(head / (call.Heads / call.KeyValueHeads)) * call.HeadDim;

    /// <summary>Floats between prefix rows.</summary>
    public long PrefixStride { get; } = (long)call.KeyValueHeads * call.HeadDim;

    /// <summary>Keys that row r of the block sees.</summary>
    public int Visible(int r) => Seen - Rows + r + 1;

    /// <summary>The block's part of an array of rows [heads · headDim].</summary>
    public float* QueryRows(float* values, long stride) => values + (FirstRow * stride) + _queryOffset;
}
