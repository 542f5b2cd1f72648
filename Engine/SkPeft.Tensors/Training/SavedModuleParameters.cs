namespace SkPeft.Tensors.Training;

/// <summary>Full copies of the base's modules (<c>modules_to_save</c>) as parameters, and the untouched ones that HF PEFT saves for company.</summary>
public static class SavedModuleParameters
{
    /// <summary>Adds the copies, which start as the base's own tensors.</summary>
    /// <param name="parameters">Where to.</param>
    /// <param name="modulesToSave">The names under <c>modules_to_save</c>.</param>
    /// <param name="targeted">The modules that the method itself works on.</param>
    /// <param name="names">The adapter's names.</param>
    /// <param name="model">The frozen base.</param>
    /// <param name="savesEnds">Whether embedding and head are saved where they are targeted.</param>
    /// <returns>The modules that are trained in full.</returns>
    /// <exception cref="AdapterOptionException">A module would be both copied and adapted, or is a list of modules.</exception>
    public static IReadOnlyList<ModuleInfo> Add(
        ParameterSet parameters, IReadOnlyList<string> modulesToSave, IReadOnlyList<ModuleInfo> targeted, ModuleNames names, IBaseModel model, bool savesEnds)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(targeted);
        ArgumentNullException.ThrowIfNull(model);
        IReadOnlyList<CopiedModule> copied = SavedModules.Find(modulesToSave, targeted, names, model.Shape);
        foreach (CopiedModule copy in copied)
        {
            Add(parameters, copy, ".weight", model.Weight(copy.Module.Name));
            if (copy.Module.HasBias)
            {
                Add(parameters, copy, ".bias", model.Bias(copy.Module.Name)!);
            }
        }

        foreach (ModuleInfo end in targeted.Where(m => savesEnds && (m.Kind == ModuleKind.Embedding || m.Linear is { Kind: LinearKind.Head })))
        {
            parameters.AddCompanion($"{AdapterTensors.Prefix}{end.Name}.base_layer.weight", () => model.Weight(end.Name));
        }

        return [.. copied.Select(c => c.Module)];
    }

    // HF wraps the module that was named: what is inside it comes behind the wrapper's name.
    private static void Add(ParameterSet parameters, CopiedModule copy, string tensor, Tensor start)
    {
        string inside = copy.Module.Name[copy.Container.Length..];
        parameters.Add(
            AdapterTensors.Prefix + copy.Module.Name + tensor,
            $"{AdapterTensors.Prefix}{copy.Container}.modules_to_save.default{inside}{tensor}",
            Tensor.From(start.Data, start.Shape),
            // Decay draws to 0, where a norm's scales switch the layer off.
            decays: copy.Module.Kind != ModuleKind.Norm);
    }
}
