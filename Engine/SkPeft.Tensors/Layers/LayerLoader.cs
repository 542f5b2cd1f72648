namespace SkPeft.Tensors.Layers;

/// <summary>Takes an adapter's tensors out of its file, each with the shape that it must have.</summary>
/// <param name="scheme">The method.</param>
/// <param name="package">The adapter.</param>
/// <param name="shape">The base.</param>
internal sealed class LayerLoader(LayerScheme scheme, AdapterPackage package, ModelShape shape)
{
    private readonly ModuleNames _names = ModuleNames.Of(package);

    public LayerModule Load()
    {
        LayerOptions options = scheme.Options;
        IReadOnlyList<TargetLayer> layers = TargetsOf(scheme, shape, _names);
        AdapterTensors tensors = new(_names.Package);
        List<(TargetLayer Layer, Dictionary<string, Tensor> Own)> taken = [.. layers.Select(l => (l, Own(l, tensors)))];
        Dictionary<string, Tensor> shared = scheme.SharedBy(layers).ToDictionary(s => s.FileName, s => Take(s, tensors), StringComparer.Ordinal);
        List<LoadedLayer> loaded = [.. taken.Select(t => new LoadedLayer(t.Layer, new TensorsByName(t.Own, shared)))];
        IReadOnlyList<ModuleInfo> targeted = [.. layers.Select(l => l.Module)];
        IReadOnlyList<SavedModule> saved = SavedModules.Take(options.ModulesToSave, targeted, _names, shape, tensors);
        List<(ModuleInfo, Tensor)> biases = [.. TrainedBiasesOf(options, shape, targeted, saved.Select(s => s.Module)).Select(m => (m, TakeBias(m, targeted, tensors)))];
        tensors.Finish();
        return new LayerModule(scheme, loaded, new TensorsByName(shared, shared), biases, saved);
    }

    /// <summary>The layers that the configuration names.</summary>
    public static IReadOnlyList<TargetLayer> TargetsOf(LayerScheme scheme, ModelShape shape, ModuleNames names) =>
        [.. scheme.Options.Targets.Match(shape, names, scheme.Kinds).Select(m => new TargetLayer(m, names.Seen(m.Name)!))];

    /// <summary>The modules whose bias is trained: those that have one.</summary>
    public static IEnumerable<ModuleInfo> TrainedBiasesOf(
        LayerOptions options, ModelShape shape, IReadOnlyList<ModuleInfo> targeted, IEnumerable<ModuleInfo> saved)
    {
        IEnumerable<ModuleInfo> trained = options.Biases switch
        {
            TrainedBiases.All => shape.Modules.Except(saved),
            TrainedBiases.Targeted => targeted,
            _ => [],
        };
        return trained.Where(m => m.HasBias);
    }

    private Dictionary<string, Tensor> Own(TargetLayer layer, AdapterTensors tensors)
    {
        Dictionary<string, Tensor> own = new(StringComparer.Ordinal);
        foreach (LayerTensor part in scheme.TensorsOf(layer))
        {
            string name = layer.FileName(part.Name);
            Tensor tensor = tensors.Take(name, part.ShapeIn(name, _names.Package));

            // A tensor under training is brought back before every step, in place (LayerTraining).
            own.Add(part.Name, part.Constraint is { } bring && !tensor.NeedsGradient ? bring(tensor) : tensor);
        }

        return own;
    }

    // Files of peft before 0.6 have no base_layer in the name.
    private static Tensor TakeBias(ModuleInfo module, IReadOnlyList<ModuleInfo> targeted, AdapterTensors tensors)
    {
        string name = AdapterTensors.Prefix + module.Name;
        string wrapped = name + ".base_layer.bias";
        bool isWrapped = targeted.Contains(module) && (tensors.Has(wrapped) || !tensors.Has(name + ".bias"));
        return tensors.Take(isWrapped ? wrapped : name + ".bias", module.Outputs);
    }

    private Tensor Take(SharedTensor part, AdapterTensors tensors)
    {
        List<string> copies = [.. part.Copies.Where(tensors.Has)];
        if (!tensors.Has(part.FileName) && copies.Count == 0 && !part.IsSaved)
        {
            return part.Derive!();
        }

        string first = tensors.Has(part.FileName) || copies.Count == 0 ? part.FileName : copies[0];
        Tensor tensor = tensors.Take(first, part.Shape);
        foreach (string copy in copies.Where(c => c != first))
        {
            if (!tensors.Take(copy, part.Shape).Data.SequenceEqual(tensor.Data))
            {
                throw new AdapterShapeException(package.Name, copy, "a tensor of its own", $"a copy of '{first}'",
                    "All layers share one; a file in which they differ has no meaning.");
            }
        }

        return tensor;
    }
}
