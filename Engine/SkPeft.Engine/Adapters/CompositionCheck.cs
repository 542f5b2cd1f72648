namespace SkPeft.Engine.Adapters;

/// <summary>What several adapters may not all do: places where only one of them could be heard.</summary>
internal static class CompositionCheck
{
    /// <exception cref="AdapterCompositionException">Two parts want the same place.</exception>
    public static void Require(IReadOnlyList<PlanPart> parts, string together)
    {
        if (parts.GroupBy(p => p.Plan).FirstOrDefault(g => g.Count() > 1) is { } twice)
        {
            throw new AdapterCompositionException(together, $"both names mean the version '{twice.Key.Adapter}'.", "Name it once.");
        }

        One(parts, together, "static prefix", p => p.Prefixes.Count > 0);
        One(parts, together, "generator of soft tokens", p => p.Generators.Count > 0);
        One(parts, together, "classification head", p => p.Classifier is not null);
        One(parts, together, "set of soft tokens inside the prompt", p => p.Slots is not null);
        if (parts.FirstOrDefault(p => p.Plan.Slots is not null) is { } slots && parts.FirstOrDefault(p => p.Plan.TokenEmbeddings.Count > 0) is { } tokens)
        {
            throw new AdapterCompositionException(
                together, $"'{tokens.Plan.Adapter}' changes the embeddings of tokens, and '{slots.Plan.Adapter}' puts soft tokens among them, which are in no table.", "Leave one of them out.");
        }

        Dictionary<object, EffectPlan> replaced = [];
        HashSet<LinearSite> touched = [];
        foreach (PlanPart part in parts)
        {
            foreach (object site in part.Plan.Effects.Select(Replaced).OfType<object>().Distinct())
            {
                if (!replaced.TryAdd(site, part.Plan))
                {
                    throw new AdapterCompositionException(together, $"'{replaced[site].Adapter}' and '{part.Plan.Adapter}' both replace the weights of {Name(site)}.", "Leave one of them out.");
                }

                if (site is LinearSite linear && touched.Contains(linear))
                {
                    throw new AdapterCompositionException(
                        together, $"'{part.Plan.Adapter}' replaces the whole weight of {Name(linear)}, which adapters before it change.", "Name it first, so that the others act on its weights.");
                }
            }

            // DoRA's magnitude was trained for the base's weight plus its own change; it must not scale what others add.
            if (part.Plan.Effects.OfType<OutputScaleEffect>().FirstOrDefault(e => !e.ScalesBias && touched.Contains(e.Site)) is { } magnitude)
            {
                throw new AdapterCompositionException(
                    together, $"'{part.Plan.Adapter}' sets the magnitude of {Name(magnitude.Site)} (DoRA), and would scale what adapters before it add there.", "Name it first.");
            }

            touched.UnionWith(part.Plan.Effects.OfType<LinearEffect>().Select(e => e.Site));
        }
    }

    private static object? Replaced(Effect effect) => effect switch
    {
        NormEffect e => e.Site,
        WeightEffect e => e.Site,
        _ => null,
    };

    private static string Name(object site) => site switch
    {
        LinearSite { Kind: LinearKind.Head } => "the head",
        LinearSite { } s => $"the {s.Kind} layer of block {s.Layer}",
        NormSite { Kind: NormKind.Final } => "the final norm",
        NormSite { } s => $"the {s.Kind} norm of block {s.Layer}",
        _ => $"{site}",
    };

    private static void One(IReadOnlyList<PlanPart> parts, string together, string what, Func<EffectPlan, bool> has)
    {
        PlanPart[] all = [.. parts.Where(p => has(p.Plan))];
        if (all.Length > 1)
        {
            throw new AdapterCompositionException(
                together, $"{string.Join(" and ", all.Select(p => $"'{p.Plan.Adapter}'"))} each bring a {what}, and a request has room for one.", "Leave one of them out.");
        }
    }
}
