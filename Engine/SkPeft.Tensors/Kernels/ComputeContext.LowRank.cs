namespace SkPeft.Tensors.Kernels;

/// <content>Low-rank changes.</content>
public sealed unsafe partial class ComputeContext
{
    /// <summary>Rows of one adapter up to which its factors are read once for each of them rather than as two blocked products.</summary>
    private const int FewRows = 8;

    private LowRankRows[] _few = [];

    /// <summary>y[i] += scale · B · (A · x[i]) for the rows of several adapters or layers. Their outputs must not overlap.</summary>
    /// <param name="items">Factors and rows.</param>
    /// <param name="precision">Fast: few rows of one adapter meet 8-bit factors. Exact: fp32 throughout.</param>
    public void LowRankAdd(ReadOnlySpan<LowRankRows> items, Precision precision)
    {
        int few = 0;
        if (_few.Length < items.Length)
        {
            _few = new LowRankRows[items.Length];
        }

        foreach (ref readonly LowRankRows item in items)
        {
            if (item.Count <= FewRows && precision != Precision.Exact)
            {
                _few[few++] = item;
            }
            else if (item.Factors.Rank <= LowRankProducts.HighestRank)
            {
                _lowRankProducts.Add(item);
            }
            else
            {
                Add(item);
            }
        }

        _lowRankProducts.Run();

        if (few > 0)
        {
            _lowRank.Run(_few.AsSpan(0, few));
            Array.Clear(_few, 0, few);
        }
    }

    // With a scale of 1 the second product adds to y itself; else the middle, the smallest of the three, is scaled.
    private void Add(in LowRankRows item)
    {
        LowRankFactors factors = item.Factors;
        float* middle = (float*)_middle.Get((long)item.Count * factors.Rank * sizeof(float));
        fixed (float* a = factors.A.Data, b = factors.B.Data)
        {
            Gemm(item.Count, factors.Rank, factors.Inputs, item.X, item.StrideX, false, a, factors.Inputs, true, middle, factors.Rank, false);
            if (item.Scale != 1)
            {
                _vectors.Scale(item.Scale, middle, item.Count * factors.Rank);
            }

            Gemm(item.Count, factors.Outputs, factors.Rank, middle, factors.Rank, false, b, factors.Rank, true, item.Y, item.StrideY, true);
        }
    }
}
