using SkPeft.Tensors.Ops;

namespace SkPeft.Peft.Lora;

/// <summary>LoRA on the token embedding: the row of token t gets s·A[:, t]ᵀ Bᵀ added; with a magnitude, DoRA over the hidden dimensions.</summary>
internal static class LoraOnEmbedding
{
    /// <summary>Maps the parameters to effects.</summary>
    /// <param name="a">A, [r, vocabulary].</param>
    /// <param name="b">B, [hidden, r].</param>
    /// <param name="scale">s.</param>
    /// <param name="magnitude">DoRA's magnitude, [hidden], or null.</param>
    /// <param name="table">The embedding under it, [vocabulary, hidden].</param>
    public static IEnumerable<Effect> Effects(Tensor a, Tensor b, float scale, Tensor? magnitude, Func<Tensor> table)
    {
        Tensor rows = a.Transpose();
        yield return new LoraEmbeddingEffect(rows, b, scale, magnitude?.Divide(Lengths(table(), rows.Detach(), b.Detach(), scale)));
    }

    // HF transposes the table: one length for each hidden dimension, over the whole vocabulary, and a constant for the gradient.
    private static Tensor Lengths(Tensor table, Tensor rows, Tensor b, float scale) =>
        table.Add(rows.MatMulTransposed(b).Scale(scale)).Transpose().RowNorms().Reshape(b[0]);
}
