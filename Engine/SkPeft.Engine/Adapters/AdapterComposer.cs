namespace SkPeft.Engine.Adapters;

/// <summary>
/// Makes one adapter of several. At one place effects act in the order of the parts: a scale or rotation changes what stands before it, an
/// addition adds to it. In front of the text stand static prefixes, then soft prompts, then generated soft tokens.
/// </summary>
internal static class AdapterComposer
{
    /// <exception cref="AdapterCompositionException">They cannot act together.</exception>
    public static LoadedAdapter Compose(IReadOnlyList<WeightedAdapter> parts, ModelFingerprintSource model, ModelShape shape)
    {
        List<AdapterUse> uses = [];
        EffectPlan? plan = null;
        try
        {
            foreach (WeightedAdapter part in parts)
            {
                uses.Add(new AdapterUse(part.Adapter, model));
            }

            plan = EffectPlan.Compose([.. parts.Select((p, i) => new PlanPart(uses[i].Plan, p.Weight))], shape);
            return new LoadedAdapter(model, new Holds(uses), parts[0].Adapter.Plugin, plan, new AdapterFacts(
                string.Join(ComposedReference.PartMark, parts.Select(p => p.Adapter.PeftType)),
                plan.Bytes,
                [.. parts.SelectMany(p => p.Adapter.MatchedModules).Distinct()],
                [.. parts.SelectMany(p => p.Adapter.Warnings).Distinct()]));
        }
        catch
        {
            plan?.Dispose();
            uses.ForEach(u => u.Dispose());
            throw;
        }
    }

    private sealed class Holds(List<AdapterUse> uses) : IDisposable
    {
        public void Dispose() => uses.ForEach(u => u.Dispose());
    }
}
