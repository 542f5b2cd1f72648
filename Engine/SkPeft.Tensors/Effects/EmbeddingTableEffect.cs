using SkPeft.Tensors.Ops;

namespace SkPeft.Tensors.Effects;

/// <summary>The token embedding is replaced by another table for this adapter's rows (<c>modules_to_save</c>).</summary>
/// <param name="table">The table, [vocabulary, hidden].</param>
public sealed class EmbeddingTableEffect(Tensor table) : TokenEmbeddingEffect
{
    /// <summary>The table, [vocabulary, hidden].</summary>
    public Tensor Table { get; } = table;

    /// <inheritdoc/>
    public override Tensor Apply(ReadOnlySpan<int> ids, int firstPosition, Tensor embeddings) => Table.Gather(ids);
}
