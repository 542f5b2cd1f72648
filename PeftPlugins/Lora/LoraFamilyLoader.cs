namespace SkPeft.Peft.Lora;

/// <summary>Loads an adapter of the family: which modules, their parts, trained biases, full copies, nothing left over.</summary>
/// <param name="package">The adapter.</param>
/// <param name="shape">The base.</param>
/// <param name="options">The options.</param>
internal sealed class LoraFamilyLoader(AdapterPackage package, ModelShape shape, LoraFamilyOptions options)
{
    private readonly ModuleNames _names = ModuleNames.Of(package);

    /// <summary>Loads the adapter.</summary>
    /// <param name="kinds">The kinds of modules that the method can adapt.</param>
    /// <param name="makePart">Makes the part of one module. Arguments: the module, its name as patterns see it, the tensors, the prefix of their names.</param>
    public LoraModule Load(ModuleKind[] kinds, Func<ModuleInfo, string, AdapterTensors, string, LoraPart> makePart)
    {
        IReadOnlyList<ModuleInfo> targeted = options.Targets.Match(shape, _names, kinds);
        if (options.EnsureWeightTying && shape.Sizes.TiedEmbeddings)
        {
            RefuseTying(targeted);
        }

        AdapterTensors tensors = new(_names.Package);
        List<LoraPart> parts = [.. targeted.Select(m => makePart(m, _names.Seen(m.Name)!, tensors, AdapterTensors.Prefix + m.Name))];
        IReadOnlyList<SavedModule> saved = SavedModules.Take(options.ModulesToSave, targeted, _names, shape, tensors);
        parts.AddRange(TakeBiases(targeted, saved, tensors));
        tensors.Finish();
        return new LoraModule(parts, saved);
    }

    private IEnumerable<LoraPart> TakeBiases(IReadOnlyList<ModuleInfo> targeted, IReadOnlyList<SavedModule> saved, AdapterTensors tensors)
    {
        IEnumerable<ModuleInfo> trained = options.Biases switch
        {
            TrainedBiases.All => shape.Modules.Except(saved.Select(s => s.Module)),
            TrainedBiases.Targeted => targeted,
            _ => [],
        };
        foreach (ModuleInfo module in trained.Where(m => m.HasBias))
        {
            // Files of peft before 0.6 have no base_layer in the name.
            string name = AdapterTensors.Prefix + module.Name;
            string wrapped = name + ".base_layer.bias";
            bool isWrapped = targeted.Contains(module) && (tensors.Has(wrapped) || !tensors.Has(name + ".bias"));
            yield return new BiasPart(module, tensors.Take(isWrapped ? wrapped : name + ".bias", module.Outputs));
        }
    }

    private void RefuseTying(IReadOnlyList<ModuleInfo> targeted)
    {
        bool touches = targeted.Any(m => m.Kind == ModuleKind.Embedding || m.Linear is { Kind: LinearKind.Head })
            || options.ModulesToSave.Any(m => m.EndsWith("embed_tokens", StringComparison.Ordinal) || m.EndsWith("lm_head", StringComparison.Ordinal));
        if (touches)
        {
            throw new AdapterOptionException(package.Name, package.PeftType,
                ["ensure_weight_tying is true for a base whose head is its embedding; an adapter that changes both as one is not supported"]);
        }
    }
}
