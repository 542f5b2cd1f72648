namespace SkPeft.Peft.Lora;

/// <summary>
/// AdaLoRA (Zhang et al., arXiv 2303.10512): ΔW = B (A ⊙ E) · α / (r₀ + 1e-5), where training prunes rows of A and r₀ stays the rank it
/// began with. Files as HF PEFT 0.21 writes them: pruned rows are gone, <c>rank_pattern</c> says which.
/// </summary>
public sealed class AdaLoraMethod : IPeftMethod
{
    /// <inheritdoc/>
    public IReadOnlyList<string> PeftTypes { get; } = ["ADALORA"];

    /// <inheritdoc/>
    public string Description => "AdaLoRA: LoRA whose ranks were distributed over the modules by training (arXiv 2303.10512)";

    /// <inheritdoc/>
    public PeftModule Load(AdapterPackage package, ModelShape shape)
    {
        AdaLoraConfig config = AdaLoraConfig.Read(package);
        HashSet<string> unused = [.. config.Ranks.Keys];
        int rows = 0;
        LoraModule module = new LoraFamilyLoader(package, shape, config.Family).Load([ModuleKind.Linear], (target, seen, tensors, name) =>
        {
            unused.Remove(seen);
            int rank = config.Ranks.GetValueOrDefault(seen, config.InitialRank);
            rows += rank;
            return new AdaLoraPart(
                target,
                tensors.Take(name + ".lora_A", rank, target.Inputs),
                tensors.Take(name + ".lora_B", target.Outputs, rank),
                tensors.Take(name + ".lora_E", rank, 1),
                config.ScaleOf(rank));
        });
        string? problem =
            unused.Count > 0 ? $"rank_pattern names {unused.Order(StringComparer.Ordinal).First()}, which is not targeted"
            : rows == 0 ? "rank_pattern keeps no row of any module, so nothing is left of the adapter"
            : null;
        return problem is null ? module : throw new AdapterOptionException(package.Name, package.PeftType, [problem]);
    }

    /// <inheritdoc/>
    public void SelfTest() => LoraSelfTest.RunAdaptive(this);
}
