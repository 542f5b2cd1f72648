using SkPeft.Tensors.Ops;

namespace SkPeft.Tensors.Effects;

/// <summary>
/// Adds row i of a table to the embedding at position i of the text, whatever token stands there; positions behind the table get nothing
/// (ACCEPT's SCAP, arXiv 2410.12847; DePT, arXiv 2309.05173).
/// </summary>
/// <param name="table">[positions, hidden].</param>
public sealed class AddedPositionsEffect(Tensor table) : TokenEmbeddingEffect
{
    /// <inheritdoc/>
    public override Tensor Apply(ReadOnlySpan<int> ids, int firstPosition, Tensor embeddings)
    {
        int covered = Math.Clamp(table[0] - firstPosition, 0, embeddings[0]);
        if (covered == 0)
        {
            return embeddings;
        }

        Tensor changed = embeddings.Slice(0, 0, covered).Add(table.Slice(0, firstPosition, covered));
        return covered == embeddings[0] ? changed : TensorOps.Concat(0, changed, embeddings.Slice(0, covered, embeddings[0] - covered));
    }
}
