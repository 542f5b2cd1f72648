using SkPeft.Tensors.Ops;

namespace SkPeft.Peft.Lora;

/// <summary>LoRA on the token embedding: the row of token t gets s·A[:, t]ᵀ Bᵀ added; with a magnitude, DoRA over the hidden dimensions.</summary>
/// <param name="module">The embedding.</param>
/// <param name="a">A, [r, vocabulary].</param>
/// <param name="b">B, [hidden, r].</param>
/// <param name="scale">s.</param>
internal sealed class EmbeddingPart(ModuleInfo module, Tensor a, Tensor b, float scale) : LoraPart(module)
{
    /// <summary>DoRA's magnitude, [hidden], or null.</summary>
    public Tensor? Magnitude { get; init; }

    /// <inheritdoc/>
    public override IEnumerable<Effect> BuildEffects(IBaseModel model, Func<Tensor> weight)
    {
        Tensor rows = a.Transpose();
        yield return new LoraEmbeddingEffect(rows, b, scale, Magnitude is null ? null : Factor(weight(), rows));
    }

    // HF transposes the table: one length for each hidden dimension, over the whole vocabulary.
    private Tensor Factor(Tensor table, Tensor rows)
    {
        Tensor lengths = table.Add(rows.MatMulTransposed(b).Scale(scale)).Transpose().RowNorms();
        return Magnitude!.Divide(lengths.Reshape(Module.Inputs));
    }
}
