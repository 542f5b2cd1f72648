namespace SkPeft.Tensors.Kernels;

/// <summary>Rows that share a low-rank change: y[i] += scale · B · (A · x[i]).</summary>
/// <param name="factors">The change.</param>
/// <param name="scale">Factor on the product.</param>
/// <param name="x">Input rows.</param>
/// <param name="strideX">Floats between them.</param>
/// <param name="count">How many.</param>
/// <param name="y">Output rows.</param>
/// <param name="strideY">Floats between them.</param>
public readonly unsafe struct LowRankRows(LowRankFactors factors, float scale, float* x, long strideX, int count, float* y, long strideY)
{
    /// <summary>The change.</summary>
    public LowRankFactors Factors { get; } = factors;

    /// <summary>Factor on the product.</summary>
    public float Scale { get; } = scale;

    /// <summary>Input rows.</summary>
    public float* X { get; } = x;

    /// <summary>Floats between input rows.</summary>
    public long StrideX { get; } = strideX;

    /// <summary>Number of rows.</summary>
    public int Count { get; } = count;

    /// <summary>Output rows, added to.</summary>
    public float* Y { get; } = y;

    /// <summary>Floats between output rows.</summary>
    public long StrideY { get; } = strideY;
}
