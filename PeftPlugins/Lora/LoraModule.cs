using SkPeft.Tensors.Effects;

namespace SkPeft.Peft.Lora;

/// <summary>A loaded LoRA or AdaLoRA adapter: parts of single modules, and full copies of others.</summary>
/// <param name="parts">The parts.</param>
/// <param name="saved">The copies.</param>
internal sealed class LoraModule(IReadOnlyList<LoraPart> parts, IReadOnlyList<SavedModule> saved) : PeftModule
{
    private readonly Dictionary<ModuleInfo, SavedModule> _copies = saved.ToDictionary(s => s.Module);

    /// <inheritdoc/>
    public override IReadOnlyList<string> MatchedModules { get; } =
        [.. parts.Select(p => p.Module.Name).Concat(saved.Where(s => !s.MayBeUntouched).Select(s => s.Module.Name)).Distinct()];

    /// <inheritdoc/>
    public override IReadOnlyList<Effect> BuildEffects(IBaseModel model)
    {
        Tensor WeightOf(ModuleInfo module) => _copies.TryGetValue(module, out SavedModule? copy) ? copy.Weight : model.Weight(module.Name);
        return [.. SavedModuleEffects.Of(saved, model), .. parts.SelectMany(p => p.BuildEffects(model, () => WeightOf(p.Module)))];
    }
}
