using SkPeft.Tensors.Effects;

namespace SkPeft.Peft.Ia3;

/// <summary>A loaded (IA)³ adapter.</summary>
/// <param name="scaled">The vectors.</param>
/// <param name="saved">Full copies of other modules.</param>
internal sealed class Ia3Module(IReadOnlyList<ScaledModule> scaled, IReadOnlyList<SavedModule> saved) : PeftModule
{
    /// <inheritdoc/>
    public override IReadOnlyList<string> MatchedModules { get; } =
        [.. scaled.Select(s => s.Module.Name).Concat(saved.Where(s => !s.MayBeUntouched).Select(s => s.Module.Name))];

    /// <inheritdoc/>
    public override IReadOnlyList<Effect> BuildEffects(IBaseModel model) =>
        [.. SavedModuleEffects.Of(saved, model), .. scaled.Select(s => s.BuildEffect())];
}
