namespace SkPeft.Tensors.Classification;

/// <summary>A method's training with a head that is trained in full.</summary>
internal sealed class ClassifierTraining : PeftTraining
{
    private readonly PeftTraining _inner;
    private readonly ClassifierConfig _config;
    private readonly TrainingParameter _weight;
    private readonly string _fileName;
    private readonly bool _savesModules;

    /// <summary>Puts a head beside a method's parameters.</summary>
    /// <param name="inner">The method's training.</param>
    /// <param name="config">The classes.</param>
    /// <param name="start">The head at its start, [classes, hidden].</param>
    public ClassifierTraining(PeftTraining inner, ClassifierConfig config, Tensor start)
    {
        AdapterPackage first = inner.Export()[0];
        string prefix = first.Tensors.Keys.Any(k => k.StartsWith(AdapterTensors.Prefix, StringComparison.Ordinal)) ? AdapterTensors.Prefix
            : first.PeftType.StartsWith("SKPEFT_", StringComparison.Ordinal) ? ""
            : "base_model.";
        _inner = inner;
        _config = config;
        _savesModules = prefix.Length > 0;
        _fileName = $"{prefix}{ClassifierHead.Module}.weight";
        _weight = new TrainingParameter(_savesModules ? $"{prefix}{ClassifierHead.Module}.modules_to_save.default.weight" : _fileName, StartValues.Parameter(start));
    }

    /// <inheritdoc/>
    public override IReadOnlyList<TrainingParameter> Parameters => [.. _inner.Parameters, _weight];

    /// <inheritdoc/>
    public override IReadOnlyList<string> MatchedModules => [.. _inner.MatchedModules, ClassifierHead.Module];

    /// <inheritdoc/>
    public override bool ReadsInstruction => _inner.ReadsInstruction;

    /// <inheritdoc/>
    public override int Tasks => _inner.Tasks;

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, Tensor> State => _inner.State;

    /// <inheritdoc/>
    public override IReadOnlyList<Effect> BuildEffects(IBaseModel model, int task) =>
        [.. _inner.BuildEffects(model, task), new ClassifierHead(_weight.Value, null, _config.Labels).ToEffect()];

    /// <inheritdoc/>
    public override Tensor? Penalty() => _inner.Penalty();

    /// <inheritdoc/>
    public override void AfterStep(int step, int steps, Func<TrainingParameter, Tensor?> gradientOf) => _inner.AfterStep(step, steps, gradientOf);

    /// <inheritdoc/>
    public override void Restore(IReadOnlyDictionary<string, Tensor> state) => _inner.Restore(state);

    /// <inheritdoc/>
    public override IReadOnlyList<AdapterPackage> Export() => [.. _inner.Export().Select(package => new AdapterPackage(
        package.Name,
        _config.WithHead(package.Config, _savesModules),
        new Dictionary<string, Tensor>(package.Tensors, StringComparer.Ordinal) { [_fileName] = _weight.Value.Detach() }))];
}
