using System.Text.Json;
using SkPeft.Tensors;
using SkPeft.Tensors.Effects;

namespace SkPeft.Training.Pretraining;

/// <summary>Every weight of a model under training: each takes the place of the frozen one that it started from.</summary>
internal sealed class FullTraining : PeftTraining
{
    private readonly string _name;
    private readonly ModelShape _shape;
    private readonly Dictionary<string, TrainingParameter> _byName = [];
    private readonly List<TrainingParameter> _parameters = [];

    public FullTraining(string name, IBaseModel model)
    {
        (_name, _shape) = (name, model.Shape);
        foreach (ModuleInfo module in _shape.Modules.Where(m => m.Name != "lm_head" || !_shape.Sizes.TiedEmbeddings))
        {
            // Gains stand at 1, and decay would pull them away from it.
            Add(module.Name + ".weight", model.Weight(module.Name), decays: module.Kind != ModuleKind.Norm);
            if (model.Bias(module.Name) is { } bias)
            {
                Add(module.Name + ".bias", bias, decays: false);
            }
        }
    }

    public override IReadOnlyList<TrainingParameter> Parameters => _parameters;

    public override IReadOnlyList<string> MatchedModules => [.. _shape.Modules.Select(m => m.Name)];

    public override IReadOnlyList<Effect> BuildEffects(IBaseModel model, int task) => [.. _shape.Modules.Select(EffectOf)];

    public override IReadOnlyList<AdapterPackage> Export() =>
        [new AdapterPackage(_name, JsonSerializer.SerializeToElement(new { peft_type = FullMethod.PeftType }), _parameters.ToDictionary(p => p.Name, p => p.Value.Detach(), StringComparer.Ordinal))];

    private void Add(string name, Tensor value, bool decays)
    {
        TrainingParameter parameter = new(name, StartValues.Parameter(value)) { Decays = decays };
        _byName.Add(name, parameter);
        _parameters.Add(parameter);
    }

    private Effect EffectOf(ModuleInfo module) => module switch
    {
        { Linear: { } site } => new WeightEffect(site, Value(module, ".weight")!, Value(module, ".bias")),
        { Norm: { } site } => new NormEffect(site, Value(module, ".weight")!),
        _ => new EmbeddingTableEffect(Value(module, ".weight")!),
    };

    private Tensor? Value(ModuleInfo module, string part)
    {
        string owner = module.Name == "lm_head" && _shape.Sizes.TiedEmbeddings ? "model.embed_tokens" : module.Name;
        return _byName.GetValueOrDefault(owner + part)?.Value;
    }
}
