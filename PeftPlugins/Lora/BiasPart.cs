using SkPeft.Tensors.Ops;

namespace SkPeft.Peft.Lora;

/// <summary>New values for a bias that the base has (<c>bias</c> = <c>all</c> or <c>lora_only</c>).</summary>
/// <param name="module">The linear layer.</param>
/// <param name="bias">The bias, [out].</param>
internal sealed class BiasPart(ModuleInfo module, Tensor bias) : LoraPart(module)
{
    /// <inheritdoc/>
    public override IEnumerable<Effect> BuildEffects(IBaseModel model, Func<Tensor> weight) =>
        [new BiasEffect(Module.Linear!.Value, bias.Subtract(model.Bias(Module.Name)!))];
}
