namespace SkPeft.Tensors.Kernels;

/// <summary>The three products of row attention, over the keys (or values) of a prefix and those of the sequence.</summary>
internal sealed unsafe class RowProducts(MicroKernel micro)
{
    private readonly LocalGemm _gemm = new(micro);

    public long ScratchFloats => _gemm.ScratchFloats;

    /// <summary>scores[r, key] = Σ over d of rows[r, d] · keys[key, d].</summary>
    public void TimesKeys(in RowBlock block, float* rows, in RowKeys keys, float* scores, long width, float* scratch)
    {
        _gemm.Run(GemmCall.Of(block.Stacked, block.Prefix, block.HeadDim, rows, block.HeadDim, false, keys.Prefix, keys.PrefixStride, true,
            scores, width, false), scratch);
        _gemm.Run(GemmCall.Of(block.Stacked, block.Own, block.HeadDim, rows, block.HeadDim, false, keys.Own, keys.OwnStride, true,
            scores + block.Prefix, width, false), scratch);
    }

    /// <summary>to[r, d] = Σ over keys of scores[r, key] · keys[key, d].</summary>
    public void WeighKeys(in RowBlock block, float* scores, long width, in RowKeys keys, float* to, float* scratch)
    {
        _gemm.Run(GemmCall.Of(block.Stacked, block.HeadDim, block.Own, scores + block.Prefix, width, false, keys.Own, keys.OwnStride, false,
            to, block.HeadDim, false), scratch);
        _gemm.Run(GemmCall.Of(block.Stacked, block.HeadDim, block.Prefix, scores, width, false, keys.Prefix, keys.PrefixStride, false,
            to, block.HeadDim, true), scratch);
    }

    /// <summary>keys[key, d] += Σ over r of scores[r, key] · rows[r, d].</summary>
    public void AddToKeys(in RowBlock block, float* scores, long width, float* rows, in RowKeys keys, float* scratch)
    {
        _gemm.Run(GemmCall.Of(block.Prefix, block.HeadDim, block.Stacked, scores, width, true, rows, block.HeadDim, false,
            keys.Prefix, keys.PrefixStride, true), scratch);
        _gemm.Run(GemmCall.Of(block.Own, block.HeadDim, block.Stacked, scores + block.Prefix, width, true, rows, block.HeadDim, false,
            keys.Own, keys.OwnStride, true), scratch);
    }
}
