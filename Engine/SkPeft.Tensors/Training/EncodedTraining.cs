using System.Text.Json;

namespace SkPeft.Tensors.Training;

/// <summary>
/// The training of a method whose file holds one table that a network computes: the network has the parameters and is dropped when the
/// table is saved (P-tuning, prefix tuning with a projection). One network may serve several tasks; each becomes an adapter of its own.
/// </summary>
public sealed class EncodedTraining : PeftTraining
{
    private readonly JsonElement _config;
    private readonly ParameterSet _parameters;
    private readonly string _tensor;
    private readonly Func<int, Tensor> _encode;
    private readonly Func<Tensor, PeftModule> _load;
    private readonly IReadOnlyList<string> _names;

    /// <summary>Begins with the parameters as they are.</summary>
    /// <param name="config">The complete configuration, as it is to be saved with every task.</param>
    /// <param name="parameters">The network's parameters.</param>
    /// <param name="tensor">The table's name in the file.</param>
    /// <param name="encode">Computes the table of a task from the parameters.</param>
    /// <param name="load">The serving module over a table: its map gives the effects.</param>
    /// <param name="names">The adapters' names, one a task.</param>
    public EncodedTraining(
        JsonElement config, ParameterSet parameters, string tensor, Func<int, Tensor> encode, Func<Tensor, PeftModule> load, IReadOnlyList<string> names)
    {
        _config = config;
        _parameters = parameters;
        _tensor = tensor;
        _encode = encode;
        _load = load;
        _names = names;
        MatchedModules = load(encode(0).Detach()).MatchedModules;
    }

    /// <inheritdoc/>
    public override IReadOnlyList<TrainingParameter> Parameters => _parameters.Parameters;

    /// <inheritdoc/>
    public override IReadOnlyList<string> MatchedModules { get; }

    /// <inheritdoc/>
    public override int Tasks => _names.Count;

    /// <inheritdoc/>
    public override IReadOnlyList<Effect> BuildEffects(IBaseModel model, int task) => _load(_encode(task)).BuildEffects(model);

    /// <inheritdoc/>
    public override IReadOnlyList<AdapterPackage> Export() =>
        [.. _names.Select((name, task) => new AdapterPackage(name, _config, new Dictionary<string, Tensor> { [_tensor] = _encode(task).Detach() }))];
}
