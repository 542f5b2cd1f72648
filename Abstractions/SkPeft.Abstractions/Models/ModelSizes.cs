namespace SkPeft;

/// <summary>The sizes of a LLaMA-style model.</summary>
public sealed record ModelSizes
{
    /// <summary>Number of blocks.</summary>
    public required int Layers { get; init; }

    /// <summary>Width of the residual stream (<c>hidden_size</c>).</summary>
    public required int HiddenSize { get; init; }

    /// <summary>Query heads.</summary>
    public required int Heads { get; init; }

    /// <summary>Key and value heads; divides <see cref="Heads"/>.</summary>
    public required int KeyValueHeads { get; init; }

    /// <summary>Width of one head; not always hidden / heads.</summary>
    public required int HeadDim { get; init; }

    /// <summary>Width of the SwiGLU layer (<c>intermediate_size</c>).</summary>
    public required int IntermediateSize { get; init; }

    /// <summary>Entries of the vocabulary.</summary>
    public required int VocabularySize { get; init; }

    /// <summary>Whether the head is the token embedding.</summary>
    public bool TiedEmbeddings { get; init; }

    /// <summary>Whether q, k, v and o have biases.</summary>
    public bool AttentionBias { get; init; }

    /// <summary>Whether gate, up and down have biases.</summary>
    public bool MlpBias { get; init; }

    /// <summary>Width of all query heads together.</summary>
    public int QueryWidth => Heads * HeadDim;

    /// <summary>Width of all key (or value) heads together.</summary>
    public int KeyValueWidth => KeyValueHeads * HeadDim;
}
