using SkPeft.Tensors.Ops;

namespace SkPeft.Peft.Lora;

/// <summary>y += s·B (A ⊙ E) x: LoRA with a learned singular value for each row of A.</summary>
/// <param name="module">The linear layer.</param>
/// <param name="a">A, [r, in].</param>
/// <param name="b">B, [out, r].</param>
/// <param name="e">E, [r, 1].</param>
/// <param name="scale">s.</param>
internal sealed class AdaLoraPart(ModuleInfo module, Tensor a, Tensor b, Tensor e, float scale) : LoraPart(module)
{
    /// <inheritdoc/>
    public override IEnumerable<Effect> BuildEffects(IBaseModel model, Func<Tensor> weight) =>
        a[0] == 0 ? [] : [new LowRankEffect(Module.Linear!.Value, a.Multiply(e), b, scale)];
}
