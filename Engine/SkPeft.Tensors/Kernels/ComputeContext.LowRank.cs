namespace SkPeft.Tensors.Kernels;

/// <content>Low-rank changes.</content>
public sealed unsafe partial class ComputeContext
{
    /// <summary>Rows of one adapter up to which 8-bit factors pay for any rank; of more rows only ranks up to <see cref="LowRankProducts.HighestRank"/>.</summary>
    private const int FewRows = 8;

    /// <summary>y[i] += scale · B · (A · x[i]) for the rows of several adapters or layers. Their outputs must not overlap.</summary>
    /// <param name="items">Factors and rows.</param>
    /// <param name="precision">Exact: fp32 throughout. Else 8-bit factors, save for many rows of a high rank, and fp32 activations.</param>
    public void LowRankAdd(ReadOnlySpan<LowRankRows> items, Precision precision)
    {
        foreach (ref readonly LowRankRows item in items)
        {
            bool isLow = item.Factors.Rank <= LowRankProducts.HighestRank;
            if (precision != Precision.Exact && (isLow || item.Count <= FewRows))
            {
                _lowRank.Add(item);
            }
            else if (isLow)
            {
                _lowRankProducts.Add(item);
            }
            else
            {
                Add(item);
            }
        }

        _lowRankProducts.Run();
        _lowRank.Run();
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
