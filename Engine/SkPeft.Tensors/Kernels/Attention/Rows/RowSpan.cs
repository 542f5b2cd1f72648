namespace SkPeft.Tensors.Kernels;

/// <summary>
/// The rows of one sequence: row i of the span sees all keys and values of its prefix, then those of rows 0 … i. Prefix rows are
/// [keyValueHeads · headDim], one after another.
/// </summary>
public readonly unsafe struct RowSpan
{
    /// <summary>Index of the sequence's first row in queries, keys, values and output.</summary>
    public required int FirstRow { get; init; }

    /// <summary>Number of rows.</summary>
    public required int Count { get; init; }

    /// <summary>Keys in front of the sequence, [<see cref="PrefixCount"/>, keyValueHeads · headDim]; null where there are none.</summary>
    public float* PrefixKeys { get; init; }

    /// <summary>Values in front of the sequence, laid out as <see cref="PrefixKeys"/>.</summary>
    public float* PrefixValues { get; init; }

    /// <summary>Number of prefix rows.</summary>
    public int PrefixCount { get; init; }

    /// <summary>Gradient of the prefix keys, added to; null where none is wanted. Several spans may share one buffer.</summary>
    public float* PrefixKeysGradient { get; init; }

    /// <summary>Gradient of the prefix values, added to; null where none is wanted. Several spans may share one buffer.</summary>
    public float* PrefixValuesGradient { get; init; }
}
