namespace SkPeft.Tensors.Kernels;

/// <summary>
/// Gradients of a <see cref="RowAttention"/>: given that of the output, those of queries, keys and values. The rows of the spans
/// are overwritten; they must not lie in the memory of the call's own queries, keys, values or output.
/// </summary>
public readonly unsafe struct RowAttentionGradient
{
    /// <summary>Gradient of the output rows, [heads · headDim]; read.</summary>
    public required float* Output { get; init; }

    /// <summary>Floats from one row of <see cref="Output"/> to the next.</summary>
    public required long OutputStride { get; init; }

    /// <summary>Gradient of the query rows, [heads · headDim].</summary>
    public required float* Queries { get; init; }

    /// <summary>Floats from one row of <see cref="Queries"/> to the next.</summary>
    public required long QueryStride { get; init; }

    /// <summary>Gradient of the key rows, [keyValueHeads · headDim].</summary>
    public required float* Keys { get; init; }

    /// <summary>Floats from one row of <see cref="Keys"/> to the next.</summary>
    public required long KeyStride { get; init; }

    /// <summary>Gradient of the value rows, [keyValueHeads · headDim].</summary>
    public required float* Values { get; init; }

    /// <summary>Floats from one row of <see cref="Values"/> to the next.</summary>
    public required long ValueStride { get; init; }
}
