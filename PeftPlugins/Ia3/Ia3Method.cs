using SkPeft.Tensors.Layers;
using SkPeft.Tensors.SelfTests;

namespace SkPeft.Peft.Ia3;

/// <summary>
/// (IA)³ (Liu et al., arXiv 2205.05638): learned vectors scale keys, values and the inner activations of the MLP. Files as HF PEFT 0.21
/// writes them.
/// </summary>
public sealed class Ia3Method : ITrainablePeftMethod
{
    /// <inheritdoc/>
    public IReadOnlyList<string> PeftTypes { get; } = ["IA3"];

    /// <inheritdoc/>
    public string Description => "(IA)³: learned vectors that scale keys, values and inner activations (arXiv 2205.05638)";

    /// <inheritdoc/>
    public PeftModule Load(AdapterPackage package, ModelShape shape) => LayerMethods.Load(package, shape, Ia3Scheme.Read);

    /// <inheritdoc/>
    public PeftTraining BeginTraining(TrainingRequest request) => LayerMethods.Begin(this, request, Ia3Scheme.Read);

    /// <inheritdoc/>
    public void SelfTest()
    {
        TinyBase model = new();
        AdapterPackage package = SelfCheck.Adapter(
            """{ "peft_type": "IA3", "target_modules": ["v_proj", "down_proj"], "feedforward_modules": ["down_proj"] }""",
            (AdapterTensors.Prefix + "model.layers.0.self_attn.v_proj.ia3_l", Tensor.From([2, -1], 2, 1)),
            (AdapterTensors.Prefix + "model.layers.0.mlp.down_proj.ia3_l", Tensor.From([1, 0, 3], 1, 3)));
        IReadOnlyList<Effect> effects = Load(package, model.Shape).BuildEffects(model);
        OutputScaleEffect values = effects.OfType<OutputScaleEffect>().Single();
        SelfCheck.That("Values are scaled with their bias", values.ScalesBias && values.Site == new LinearSite(0, LinearKind.Value));
        SelfCheck.Equal("The scale of the values", values.Scale, 2, -1);
        SelfCheck.Equal("The scale of what down_proj reads", effects.OfType<InputScaleEffect>().Single().Scale, 1, 0, 3);
    }
}
