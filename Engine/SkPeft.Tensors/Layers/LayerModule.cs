using SkPeft.Tensors.Effects;
using SkPeft.Tensors.Ops;

namespace SkPeft.Tensors.Layers;

/// <summary>A loaded adapter of a method that changes single layers.</summary>
/// <param name="scheme">The method.</param>
/// <param name="layers">The layers that it changes.</param>
/// <param name="shared">The tensors that all layers share.</param>
/// <param name="biases">New values for biases that the base has, [out] each.</param>
/// <param name="saved">Full copies of other modules.</param>
internal sealed class LayerModule(
    LayerScheme scheme,
    IReadOnlyList<LoadedLayer> layers,
    TensorsByName shared,
    IReadOnlyList<(ModuleInfo Module, Tensor Bias)> biases,
    IReadOnlyList<SavedModule> saved) : PeftModule
{
    private readonly Dictionary<ModuleInfo, SavedModule> _copies = saved.ToDictionary(s => s.Module);

    /// <inheritdoc/>
    public override IReadOnlyList<string> MatchedModules { get; } =
        [.. layers.Select(l => l.Layer.Module.Name)
            .Concat(scheme.SharedModules)
            .Concat(biases.Select(b => b.Module.Name))
            .Concat(saved.Where(s => !s.MayBeUntouched).Select(s => s.Module.Name))
            .Distinct()];

    /// <inheritdoc/>
    public override IReadOnlyList<Effect> BuildEffects(IBaseModel model)
    {
        Tensor WeightOf(ModuleInfo module) => _copies.TryGetValue(module, out SavedModule? copy) ? copy.Weight : model.Weight(module.Name);
        return
        [
            .. SavedModuleEffects.Of(saved, model),
            .. layers.SelectMany(l => scheme.EffectsOn(l.Layer, l.Tensors, () => WeightOf(l.Layer.Module))),
            .. scheme.SharedEffects(shared, model),
            .. biases.Select(b => new BiasEffect(b.Module.Linear!.Value, b.Bias.Subtract(model.Bias(b.Module.Name)!))),
        ];
    }
}
