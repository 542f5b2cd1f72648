using SkPeft.Tensors.Ops;

namespace SkPeft.Peft.Accept;

/// <summary>Adds row i of a table to the embedding at position i of the text, whatever token stands there; positions behind the table get nothing.</summary>
/// <param name="table">[max_length, hidden].</param>
internal sealed class AddedPromptEffect(Tensor table) : TokenEmbeddingEffect
{
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
