namespace SkPeft.Bench.Training;

/// <summary>
/// The multiplications and additions that a step cannot do without: 2 forward and 2 backward for each frozen weight and row (soft tokens are
/// rows), the vocabulary projection only where there is loss, 6 for each weight of a low-rank change and row. Attention, norms, the
/// optimiser and what is computed twice do not count. Nor does the way back through the first block's q, k and v where nobody wants the
/// gradient of its input.
/// </summary>
internal sealed class UsefulWork
{
    private readonly double _blocks;
    private readonly double _firstInput;
    private readonly double _head;

    public UsefulWork(ModelSizes sizes)
    {
        double qkv = (double)sizes.HiddenSize * (sizes.QueryWidth + (2 * sizes.KeyValueWidth));
        double rest = ((double)sizes.QueryWidth * sizes.HiddenSize) + (3.0 * sizes.HiddenSize * sizes.IntermediateSize);
        _blocks = sizes.Layers * (qkv + rest);
        _firstInput = qkv;
        _head = (double)sizes.HiddenSize * sizes.VocabularySize;
    }

    /// <summary>Floating-point operations of a step.</summary>
    /// <param name="method">The method.</param>
    /// <param name="rows">Rows, soft tokens included.</param>
    /// <param name="losses">Rows that carry loss.</param>
    /// <param name="parameters">Numbers that are trained.</param>
    public double Operations(BenchMethod method, long rows, long losses, long parameters) =>
        (rows * ((4 * _blocks) - (method.MovesFirstInput ? 0 : 2 * _firstInput))) + (4 * losses * _head) + (method.IsLowRank ? 6.0 * parameters * rows : 0);
}
