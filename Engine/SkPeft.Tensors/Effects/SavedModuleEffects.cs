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

            yield return copy.Module switch
            {
                { Linear: { } site } => new WeightEffect(site, copy.Weight, copy.Bias),
                { Norm: { } site } => new NormEffect(site, copy.Weight),
                _ => new EmbeddingTableEffect(copy.Weight),
            };
        }
    }
}
