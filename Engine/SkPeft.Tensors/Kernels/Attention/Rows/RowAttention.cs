namespace SkPeft.Tensors.Kernels;

/// <summary>
/// Causal grouped-query attention over rows that lie in memory as they are (not in pages): the attention of training. Query
/// head a reads key and value head a / (Heads / KeyValueHeads).
/// </summary>
public readonly unsafe struct RowAttention
{
    /// <summary>Query heads; a multiple of <see cref="KeyValueHeads"/>.</summary>
    public required int Heads { get; init; }

    /// <summary>Heads of keys and values.</summary>
    public required int KeyValueHeads { get; init; }

    /// <summary>Values in a head.</summary>
    public required int HeadDim { get; init; }

    /// <summary>Factor on the scores, normally 1/√headDim.</summary>
    public required float Scale { get; init; }

    /// <summary>Rotated queries: row i at Queries + i · QueryStride, [heads · headDim].</summary>
    public required float* Queries { get; init; }

    /// <summary>Floats from one query row to the next.</summary>
    public required long QueryStride { get; init; }

    /// <summary>Rotated keys, [keyValueHeads · headDim] a row.</summary>
    public required float* Keys { get; init; }

    /// <summary>Floats from one key row to the next.</summary>
    public required long KeyStride { get; init; }

    /// <summary>Values, [keyValueHeads · headDim] a row.</summary>
    public required float* Values { get; init; }

    /// <summary>Floats from one value row to the next.</summary>
    public required long ValueStride { get; init; }

    /// <summary>Output rows, [heads · headDim]: written by the forward pass, read by the gradient.</summary>
    public required float* Output { get; init; }

    /// <summary>Floats from one output row to the next.</summary>
    public required long OutputStride { get; init; }

    /// <summary>
    /// [row, heads], row counted as in <see cref="Queries"/>: the logarithm of the sum of the exponentials of a row's scaled
    /// scores. Written by the forward pass, read by the gradient.
    /// </summary>
    public required float* LogSums { get; init; }
}
