namespace SkPeft.Tensors.Kernels;

/// <summary>Consecutive query rows of one sequence.</summary>
/// <param name="firstRow">Index of the span's first row in queries and output.</param>
/// <param name="rows">Number of rows.</param>
/// <param name="firstPosition">Cache position of the first row; row i sees positions 0 … firstPosition + i.</param>
/// <param name="pages">Page pointers of the sequence; entry p holds positions 16·p … 16·p + 15.</param>
public readonly unsafe struct AttentionSpan(int firstRow, int rows, int firstPosition, byte** pages)
{
    /// <summary>Index of the first row in queries and output.</summary>
    public int FirstRow { get; } = firstRow;

    /// <summary>Number of rows.</summary>
    public int Rows { get; } = rows;

    /// <summary>Cache position of the first row.</summary>
    public int FirstPosition { get; } = firstPosition;

    /// <summary>Page pointers of the sequence.</summary>
    public byte** Pages { get; } = pages;
}

/// <summary>Causal grouped-query attention of one layer over paged keys and values.</summary>
public readonly unsafe struct AttentionCall
{
    /// <summary>The pages' layout.</summary>
    public required KvPageLayout Layout { get; init; }

    /// <summary>The layer.</summary>
    public required int Layer { get; init; }

    /// <summary>Query heads; a multiple of the layout's KvHeads.</summary>
    public required int Heads { get; init; }

    /// <summary>Rotated queries: row i at Queries + i · QueryStride, [heads · headDim].</summary>
    public required float* Queries { get; init; }

    /// <summary>Floats from one query row to the next.</summary>
    public required long QueryStride { get; init; }

    /// <summary>Output rows, [heads · headDim].</summary>
    public required float* Output { get; init; }

    /// <summary>Floats from one output row to the next.</summary>
    public required long OutputStride { get; init; }

    /// <summary>Factor on the scores, normally 1/√headDim.</summary>
    public required float Scale { get; init; }
}
