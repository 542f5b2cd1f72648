namespace SkPeft.Engine.Models;

/// <summary>A tensor that a LLaMA of some sizes has.</summary>
/// <param name="Name">Hugging Face's name.</param>
/// <param name="Module">The module that it belongs to.</param>
/// <param name="Shape">[out, in], or [out] for norms and biases.</param>
internal sealed record LlamaTensor(string Name, ModuleInfo Module, IReadOnlyList<long> Shape)
{
    /// <summary>True for a bias.</summary>
    public bool IsBias => Name.EndsWith(".bias", StringComparison.Ordinal);

    /// <summary>Numbers in a row: of the last dimension.</summary>
    public int Columns => checked((int)Shape[^1]);

    /// <summary>All tensors of these sizes, in the order of the reference implementation. A tied head has none of its own.</summary>
    public static IEnumerable<LlamaTensor> ListOf(ModelSizes sizes)
    {
        foreach (ModuleInfo module in new ModelShape(sizes).Modules)
        {
            if (sizes.TiedEmbeddings && module.Linear?.Kind == LinearKind.Head)
            {
                continue;
            }

            yield return new LlamaTensor($"{module.Name}.weight", module, module.Kind == ModuleKind.Norm ? [module.Outputs] : [module.Outputs, module.Inputs]);
            if (module.HasBias)
            {
                yield return new LlamaTensor($"{module.Name}.bias", module, [module.Outputs]);
            }
        }
    }
}
