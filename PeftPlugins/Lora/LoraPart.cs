namespace SkPeft.Peft.Lora;

/// <summary>What an adapter does to one module: its parameters, and their map to effects.</summary>
/// <param name="module">The module.</param>
internal abstract class LoraPart(ModuleInfo module)
{
    /// <summary>The module.</summary>
    public ModuleInfo Module { get; } = module;

    /// <summary>Maps the parameters to effects.</summary>
    /// <param name="model">The frozen base.</param>
    /// <param name="weight">The weight under this part: a copy that the adapter brings, or the base's.</param>
    public abstract IEnumerable<Effect> BuildEffects(IBaseModel model, Func<Tensor> weight);
}
