namespace SkPeft.Tensors.Classification;

/// <summary>A loaded adapter with its head.</summary>
/// <param name="inner">The method's own part.</param>
/// <param name="head">The head.</param>
internal sealed class ClassifierModule(PeftModule inner, ClassifierHead head) : PeftModule
{
    /// <inheritdoc/>
    public override IReadOnlyList<string> MatchedModules { get; } = [.. inner.MatchedModules, ClassifierHead.Module];

    /// <inheritdoc/>
    public override int Tasks => inner.Tasks;

    /// <inheritdoc/>
    public override IReadOnlyList<Effect> BuildEffects(IBaseModel model) => [.. inner.BuildEffects(model), head.ToEffect()];
}
