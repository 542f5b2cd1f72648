namespace SkPeft.Tensors.Kernels;

/// <summary>
/// Some rows of a sequence, for all query heads that read one head of keys, and what they see: the keys of the prefix, then those
/// of the sequence up to the block's last row. The heads' rows are stacked, [head][row], so that one product serves them all.
/// </summary>
internal readonly unsafe struct RowBlock(in RowAttention call, in RowSpan span, int keyHead, int first, int rows)
{
    private readonly int _group = call.Heads / call.KeyValueHeads;

    /// <summary>Values in a head.</summary>
    public int HeadDim { get; } = call.HeadDim;

    /// <summary>The sequence's first row, counted as in the call.</summary>
    public int SequenceRow { get; } = span.FirstRow;

    /// <summary>The block's first row, counted as in the call.</summary>
    public int FirstRow { get; } = span.FirstRow + first;

    /// <summary>Rows of the sequence.</summary>
    public int Rows => rows;

    /// <summary>Stacked rows of all heads.</summary>
    public int Stacked => rows * _group;

    /// <summary>Keys of the prefix.</summary>
    public int Prefix { get; } = span.PrefixCount;

    /// <summary>Keys of the sequence that the last row sees.</summary>
    public int Own { get; } = first + rows;

    /// <summary>All keys that the last row sees.</summary>
    public int Seen => Prefix + Own;

    /// <summary>Floats from the start of a key row to this head.</summary>
    public long KeyOffset => (long)keyHead * HeadDim;

    /// <summary>Floats between prefix rows.</summary>
    public long PrefixStride { get; } = (long)call.KeyValueHeads * call.HeadDim;

    /// <summary>The query head of a stacked row.</summary>
    public int Head(int stacked) => (keyHead * _group) + (stacked / rows);

    /// <summary>The row of a stacked row, counted as in the call.</summary>
    public int Row(int stacked) => FirstRow + (stacked % rows);

    /// <summary>Keys that a stacked row sees.</summary>
    public int Visible(int stacked) => Seen - rows + (stacked % rows) + 1;

    /// <summary>Where a stacked row lies in an array of rows [heads · headDim].</summary>
    public float* At(float* values, long stride, int stacked) => values + (Row(stacked) * stride) + ((long)Head(stacked) * HeadDim);

    /// <summary>Copies the block's rows to [stacked, headDim].</summary>
    public void Gather(float* values, long stride, float* to)
    {
        for (int s = 0; s < Stacked; s++)
        {
            new ReadOnlySpan<float>(At(values, stride, s), HeadDim).CopyTo(new Span<float>(to + (s * HeadDim), HeadDim));
        }
    }

    /// <summary>Copies [stacked, headDim] to the block's rows.</summary>
    public void Scatter(float* from, float* values, long stride)
    {
        for (int s = 0; s < Stacked; s++)
        {
            new ReadOnlySpan<float>(from + (s * HeadDim), HeadDim).CopyTo(new Span<float>(At(values, stride, s), HeadDim));
        }
    }
}
