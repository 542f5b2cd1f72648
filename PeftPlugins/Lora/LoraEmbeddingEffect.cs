using SkPeft.Tensors.Ops;

namespace SkPeft.Peft.Lora;

/// <summary>e = factor ⊙ (e + s·rows[token] Bᵀ).</summary>
/// <param name="rows">Aᵀ, [vocabulary, r].</param>
/// <param name="b">B, [hidden, r].</param>
/// <param name="scale">s.</param>
/// <param name="factor">DoRA's m/c, [hidden], or null for 1.</param>
internal sealed class LoraEmbeddingEffect(Tensor rows, Tensor b, float scale, Tensor? factor) : TokenEmbeddingEffect
{
    /// <inheritdoc/>
    public override Tensor Apply(ReadOnlySpan<int> ids, int firstPosition, Tensor embeddings)
    {
        Tensor sum = embeddings.Add(rows.Gather(ids).MatMulTransposed(b).Scale(scale));
        return factor is null ? sum : sum.Multiply(factor);
    }
}
