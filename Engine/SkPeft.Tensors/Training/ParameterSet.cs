namespace SkPeft.Tensors.Training;

/// <summary>
/// Collects an adapter's tensors at the start of a run under both their names: the one in <c>adapter_model.safetensors</c> and the one in
/// training states.
/// </summary>
public sealed class ParameterSet
{
    private readonly List<TrainingParameter> _parameters = [];
    private readonly Dictionary<string, Tensor> _tensors = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Func<Tensor>> _companions = new(StringComparer.Ordinal);

    /// <summary>The trainable ones, in the order in which they were added.</summary>
    public IReadOnlyList<TrainingParameter> Parameters => _parameters;

    /// <summary>The tensors that the module is made of, by the name that they have in the file.</summary>
    public IReadOnlyDictionary<string, Tensor> Tensors => _tensors;

    /// <summary>Adds a trainable tensor.</summary>
    /// <param name="fileName">The name in the adapter's file.</param>
    /// <param name="trainingName">The name in training states.</param>
    /// <param name="start">The start value; its elements are changed by the run.</param>
    /// <param name="group">The group that shares a learning rate.</param>
    /// <param name="decays">Whether weight decay applies.</param>
    /// <param name="rateFactor">The factor on the learning rate where the options say nothing of the group.</param>
    /// <returns>The tensor that gradients are taken for.</returns>
    public Tensor Add(string fileName, string trainingName, Tensor start, string group = TrainingParameter.DefaultGroup, bool decays = true, float rateFactor = 1)
    {
        TrainingParameter parameter = new(trainingName, StartValues.Parameter(start.Detach())) { Group = group, Decays = decays, RateFactor = rateFactor };
        _parameters.Add(parameter);
        _tensors.Add(fileName, parameter.Value);
        return parameter.Value;
    }

    /// <summary>Adds a trainable tensor that no file has: of a network that is dropped after training.</summary>
    /// <param name="trainingName">The name in training states.</param>
    /// <param name="start">The start value; its elements are changed by the run.</param>
    /// <returns>The tensor that gradients are taken for.</returns>
    public Tensor AddUnsaved(string trainingName, Tensor start)
    {
        TrainingParameter parameter = new(trainingName, StartValues.Parameter(start.Detach()));
        _parameters.Add(parameter);
        return parameter.Value;
    }

    /// <summary>Adds a tensor that the file has and the run does not change.</summary>
    /// <param name="fileName">The name in the adapter's file.</param>
    /// <param name="value">The value.</param>
    public void AddFrozen(string fileName, Tensor value) => _tensors.Add(fileName, value);

    /// <summary>Adds a tensor that the file has for company: the base's own, of which the run knows nothing.</summary>
    /// <param name="fileName">The name in the adapter's file.</param>
    /// <param name="value">Gives the value when the file is made.</param>
    public void AddCompanion(string fileName, Func<Tensor> value) => _companions.Add(fileName, value);

    /// <summary>All tensors of the file as they are now.</summary>
    public IReadOnlyDictionary<string, Tensor> ToFile() => _tensors.Select(t => KeyValuePair.Create(t.Key, t.Value.Detach()))
        .Concat(_companions.Select(c => KeyValuePair.Create(c.Key, c.Value())))
        .ToDictionary(StringComparer.Ordinal);
}
