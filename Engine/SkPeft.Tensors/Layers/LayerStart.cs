using SkPeft.Tensors.Training;

namespace SkPeft.Tensors.Layers;

/// <summary>The tensors of a new adapter, at their start.</summary>
internal sealed class LayerStart
{
    private readonly TrainingRequest _request;
    private readonly AdapterPackage _given;
    private readonly List<(Tensor Parameter, Func<Tensor, Tensor> Bring)> _constrained = [];

    /// <summary>Draws them.</summary>
    /// <param name="scheme">The method.</param>
    /// <param name="request">The run.</param>
    public LayerStart(LayerScheme scheme, TrainingRequest request)
    {
        (_request, _given) = (request, ModuleNames.Of(request.Package).Package);
        ModelShape shape = request.Model.Shape;
        ModuleNames names = ModuleNames.AsTheyAre(request.Package);
        IReadOnlyList<TargetLayer> layers = LayerLoader.TargetsOf(scheme, shape, names);
        foreach (SharedTensor part in scheme.SharedBy(layers))
        {
            AddShared(part);
        }

        foreach (TargetLayer layer in layers)
        {
            foreach (LayerTensor part in scheme.TensorsOf(layer))
            {
                string name = layer.FileName(part.Name);
                Tensor start = part.Start(request.Random, part.ShapeIn(name, _given));
                string trainingName = part.TrainingName is { } own ? layer.FileName(own) : layer.TrainingName(part.Name);
                Tensor parameter = Parameters.Add(name, trainingName, start, part.Group, part.Decays, part.RateFactor);
                if (part.Constraint is { } bring)
                {
                    _constrained.Add((parameter, bring));
                }
            }
        }

        IReadOnlyList<ModuleInfo> targeted = [.. layers.Select(l => l.Module)];
        IReadOnlyList<ModuleInfo> copied = SavedModuleParameters.Add(Parameters, scheme.Options.ModulesToSave, targeted, names, request.Model, scheme.SavesEnds);
        foreach (ModuleInfo module in LayerLoader.TrainedBiasesOf(scheme.Options, shape, targeted, copied))
        {
            string name = AdapterTensors.Prefix + module.Name + (targeted.Contains(module) ? ".base_layer.bias" : ".bias");
            Tensor bias = request.Model.Bias(module.Name)!;
            Parameters.Add(name, name, Tensor.From(bias.Data, bias.Shape));
        }
    }

    /// <summary>The tensors.</summary>
    public ParameterSet Parameters { get; } = new();

    /// <summary>Parameters that are brought back to where they must be before every step.</summary>
    public IReadOnlyList<(Tensor Parameter, Func<Tensor, Tensor> Bring)> Constrained => _constrained;

    private void AddShared(SharedTensor part)
    {
        if (part.Start is { } start)
        {
            Parameters.Add(part.FileName, part.TrainingName!, start(_request.Random, part.Shape), decays: part.Decays);
            return;
        }

        if (!part.IsSaved)
        {
            return;
        }

        string[] names = [part.FileName, .. part.Copies];
        AdapterTensors given = new(_given);
        Tensor value = names.FirstOrDefault(given.Has) is { } found ? given.Take(found, part.Shape) : part.Derive!();
        foreach (string name in names)
        {
            Parameters.AddFrozen(name, value);
        }
    }
}
