namespace SkPeft.Tensors.Kernels;

/// <summary>Rows of one adapter in one place, and the steps that they go through, in order.</summary>
internal readonly unsafe struct RowItem(float* x, long strideX, float* y, long strideY, int count, int width, int firstStep)
{
    /// <summary>Rows that are read by the operations that read any.</summary>
    public float* X { get; } = x;

    /// <summary>Floats between them.</summary>
    public long StrideX { get; } = strideX;

    /// <summary>Rows that are changed.</summary>
    public float* Y { get; } = y;

    /// <summary>Floats between them.</summary>
    public long StrideY { get; } = strideY;

    /// <summary>Rows.</summary>
    public int Count { get; } = count;

    /// <summary>Values of a row.</summary>
    public int Width { get; } = width;

    /// <summary>The first of its steps; they end where the next item's begin.</summary>
    public int FirstStep { get; } = firstStep;
}
