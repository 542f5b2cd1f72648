using System.Text.Json;

namespace SkPeft.Tensors.Training;

/// <summary>
/// The training of a method whose parameters are the tensors of its file: the module is loaded once, over the parameters themselves, and its
/// map gives the effects of every step.
/// </summary>
public class DirectTraining : PeftTraining
{
    private readonly string _name;
    private readonly JsonElement _config;
    private readonly ParameterSet _parameters;
    private readonly PeftModule[] _modules;

    /// <summary>Loads the module over the parameters.</summary>
    /// <param name="method">The method.</param>
    /// <param name="request">The run.</param>
    /// <param name="config">The complete configuration, as it is to be saved.</param>
    /// <param name="parameters">The tensors.</param>
    /// <param name="tasks">How many tasks the tensors are for.</param>
    public DirectTraining(IPeftMethod method, TrainingRequest request, JsonElement config, ParameterSet parameters, int tasks = 1)
    {
        ArgumentNullException.ThrowIfNull(method);
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(parameters);
        _name = request.Package.Name;
        _config = config;
        _parameters = parameters;
        _modules = [.. Enumerable.Range(0, tasks).Select(task =>
            method.Load(new AdapterPackage(_name, config, parameters.Tensors) { Task = task }, request.Model.Shape))];
    }

    /// <inheritdoc/>
    public override IReadOnlyList<TrainingParameter> Parameters => _parameters.Parameters;

    /// <inheritdoc/>
    public override IReadOnlyList<string> MatchedModules => _modules[0].MatchedModules;

    /// <inheritdoc/>
    public override int Tasks => _modules.Length;

    /// <inheritdoc/>
    public override IReadOnlyList<Effect> BuildEffects(IBaseModel model, int task) => _modules[task].BuildEffects(model);

    /// <inheritdoc/>
    public override IReadOnlyList<AdapterPackage> Export() =>
        [new AdapterPackage(_name, _config, _parameters.ToFile())];
}
