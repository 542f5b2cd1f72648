namespace SkPeft.Peft.BitFit;

/// <summary>A loaded BitFit adapter: its parameters are its effects.</summary>
/// <param name="biases">The biases, [out], by module.</param>
internal sealed class BitFitModule(IReadOnlyList<(ModuleInfo Module, Tensor Bias)> biases) : PeftModule
{
    /// <inheritdoc/>
    public override IReadOnlyList<string> MatchedModules { get; } = [.. biases.Select(b => b.Module.Name)];

    /// <inheritdoc/>
    public override IReadOnlyList<Effect> BuildEffects(IBaseModel model) => [.. biases.Select(b => new BiasEffect(b.Module.Linear!.Value, b.Bias))];
}
