namespace SkPeft.Tensors.Effects;

/// <summary>Full copies of modules as effects; every method whose files may carry them uses this.</summary>
public static class SavedModuleEffects
{
    /// <summary>One effect a copy, in their order. Copies that turn out to be the base's own weight give none.</summary>
    /// <param name="saved">The copies.</param>
    /// <param name="model">The frozen base.</param>
    public static IEnumerable<Effect> Of(IEnumerable<SavedModule> saved, IBaseModel model)
    {
        foreach (SavedModule copy in saved)
        {
            if (copy.MayBeUntouched && copy.Weight.Data.SequenceEqual(model.Weight(copy.Module.Name).Data))
            {
                continue;
            }

            yield return Of(copy.Module, copy.Weight, copy.Bias);
        }
    }

    /// <summary>The effect of one copy.</summary>
    /// <param name="module">The module.</param>
    /// <param name="weight">Its weight, of the base's shape.</param>
    /// <param name="bias">Its bias, or null where it has none.</param>
    public static Effect Of(ModuleInfo module, Tensor weight, Tensor? bias) => module switch
    {
        { Linear: { } site } => new WeightEffect(site, weight, bias),
        { Norm: { } site } => new NormEffect(site, weight),
        _ => new EmbeddingTableEffect(weight),
    };
}
