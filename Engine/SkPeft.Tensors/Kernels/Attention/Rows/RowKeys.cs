namespace SkPeft.Tensors.Kernels;

/// <summary>One head of keys, values or their gradients: those of the prefix and those of the sequence.</summary>
internal readonly unsafe struct RowKeys
{
    public readonly float* Prefix;
    public readonly long PrefixStride;
    public readonly float* Own;
    public readonly long OwnStride;

    /// <summary>Keys as a call gives them.</summary>
    public RowKeys(in RowBlock block, float* prefix, float* rows, long stride)
        : this(block, prefix + block.KeyOffset, block.PrefixStride, rows, stride)
    {
    }

    /// <summary>A prefix of this head alone, with a stride of its own.</summary>
    public RowKeys(in RowBlock block, float* prefix, long prefixStride, float* rows, long stride)
    {
        Prefix = prefix;
        PrefixStride = prefixStride;
        Own = rows + (block.SequenceRow * stride) + block.KeyOffset;
        OwnStride = stride;
    }
}
