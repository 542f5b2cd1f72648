using SkPeft.Tensors.Layers;
using SkPeft.Tensors.SelfTests;

namespace SkPeft.Peft.Boft;

/// <summary>BOFT, orthogonal finetuning by butterfly factors (Liu et al., arXiv 2311.06243). Files as HF PEFT 0.21 writes them.</summary>
public sealed class BoftMethod : ITrainablePeftMethod
{
    /// <inheritdoc/>
    public IReadOnlyList<string> PeftTypes { get; } = ["BOFT"];

    /// <inheritdoc/>
    public string Description => "BOFT: a layer's inputs are rotated by butterfly factors, its outputs scaled (arXiv 2311.06243)";

    /// <inheritdoc/>
    public PeftModule Load(AdapterPackage package, ModelShape shape) => LayerMethods.Load(package, shape, BoftScheme.Read);

    /// <inheritdoc/>
    public PeftTraining BeginTraining(TrainingRequest request) => LayerMethods.Begin(this, request, BoftScheme.Read);

    /// <inheritdoc/>
    public void SelfTest()
    {
        // R = (I − S)(I + S)⁻¹ with S = ([[0, 3], [1, 0]] − its transpose)/2 = [[0, 1], [−1, 0]] turns (x, y) into (y, −x).
        TinyBase model = new();
        const string name = AdapterTensors.Prefix + "model.layers.0.self_attn.q_proj.boft_";
        AdapterPackage package = SelfCheck.Adapter(
            """{ "peft_type": "BOFT", "boft_block_size": 2, "target_modules": ["q_proj"] }""",
            (name + "R", Tensor.From([0, 3, 1, 0], 1, 1, 2, 2)),
            (name + "s", Tensor.From([5, 6], 2, 1)));
        IReadOnlyList<Effect> effects = Load(package, model.Shape).BuildEffects(model);
        SelfCheck.That("outputs are scaled without their bias", effects[0] is OutputScaleEffect { ScalesBias: false });
        SelfCheck.Equal("the scale", ((OutputScaleEffect)effects[0]).Scale, 5, 6);
        SelfCheck.Equal("a rotated input", ((CustomLinearEffect)effects[1]).TransformInput(Tensor.From([3, 4], 1, 2)), 4, -3);
    }
}
