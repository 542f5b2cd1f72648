using SkPeft.Tensors.Training;

namespace SkPeft.Tensors.Classification;

/// <summary>A method's training with a head that is trained in full.</summary>
internal sealed class ClassifierTraining : DelegatingTraining
{
    private readonly ClassifierConfig _config;
    private readonly TrainingParameter _weight;
    private readonly string _fileName;
    private readonly bool _savesModules;

    /// <summary>Puts a head beside a method's parameters.</summary>
    /// <param name="inner">The method's training.</param>
    /// <param name="config">The classes.</param>
    /// <param name="start">The head at its start, [classes, hidden].</param>
    public ClassifierTraining(PeftTraining inner, ClassifierConfig config, Tensor start)
        : base(inner)
    {
        AdapterPackage first = inner.Export()[0];
        string prefix = first.Tensors.Keys.Any(k => k.StartsWith(AdapterTensors.Prefix, StringComparison.Ordinal)) ? AdapterTensors.Prefix
            : first.PeftType.StartsWith("SKPEFT_", StringComparison.Ordinal) ? ""
            : "base_model.";
        _config = config;
        _savesModules = prefix.Length > 0;
        _fileName = $"{prefix}{ClassifierHead.Module}.weight";
        _weight = new TrainingParameter(_savesModules ? $"{prefix}{ClassifierHead.Module}.modules_to_save.default.weight" : _fileName, StartValues.Parameter(start));
    }

    /// <inheritdoc/>
    public override IReadOnlyList<TrainingParameter> Parameters => [.. base.Parameters, _weight];

    /// <inheritdoc/>
    public override IReadOnlyList<string> MatchedModules => [.. base.MatchedModules, ClassifierHead.Module];

    /// <inheritdoc/>
    public override IReadOnlyList<Effect> BuildEffects(IBaseModel model, int task) =>
        [.. base.BuildEffects(model, task), new ClassifierHead(_weight.Value, null, _config.Labels).ToEffect()];

    /// <inheritdoc/>
    public override IReadOnlyList<AdapterPackage> Export() => [.. base.Export().Select(package => new AdapterPackage(
        package.Name,
        _config.WithHead(package.Config, _savesModules),
        new Dictionary<string, Tensor>(package.Tensors, StringComparer.Ordinal) { [_fileName] = _weight.Value.Detach() }))];
}
