namespace SkPeft.Engine.Adapters;

/// <summary>How strictly an adapter's base is compared with the model.</summary>
public sealed record AdapterLoaderOptions
{
    /// <summary>
    /// Whether other weights of the same sizes and tokenizer (another quantisation, a fine-tuned sibling) are refused. Default: they are
    /// served, with a warning in the receipt.
    /// </summary>
    public bool Strict { get; init; }
}
