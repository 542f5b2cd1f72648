using SkPeft.Tensors.Layers;
using SkPeft.Tensors.SelfTests;

namespace SkPeft.Peft.RandLora;

/// <summary>RandLoRA (Albert et al., arXiv 2502.00987). Files as HF PEFT 0.21 writes them.</summary>
public sealed class RandLoraMethod : ITrainablePeftMethod
{
    /// <inheritdoc/>
    public IReadOnlyList<string> PeftTypes { get; } = ["RANDLORA"];

    /// <inheritdoc/>
    public string Description => "RandLoRA: full-rank changes by learned combinations of random low-rank matrices (arXiv 2502.00987)";

    /// <inheritdoc/>
    public PeftModule Load(AdapterPackage package, ModelShape shape) => LayerMethods.Load(package, shape, RandLoraScheme.Read);

    /// <inheritdoc/>
    public PeftTraining BeginTraining(TrainingRequest request) => LayerMethods.Begin(this, request, RandLoraScheme.Read);

    /// <inheritdoc/>
    public void SelfTest()
    {
        // down_proj is [2, 3]: r = 1 gives two bases. A' = λᵀ ⊙ A ⊙ γ = [[2, −3], [8, 3]] acts on the outputs, B on the inputs.
        TinyBase model = new();
        const string name = AdapterTensors.Prefix + "model.layers.0.mlp.down_proj.randlora_";
        AdapterPackage package = SelfCheck.Adapter(
            """{ "peft_type": "RANDLORA", "r": 1, "randlora_alpha": 2, "target_modules": ["down_proj"] }""",
            ("base_model.randlora_A", Tensor.From([1, -3], 1, 1, 2)),
            ("base_model.randlora_B", Tensor.From([1, 0, 0, 1, 1, 1], 3, 2, 1)),
            (name + "lambda", Tensor.From([2, 1], 1, 2)),
            (name + "gamma", Tensor.From([1, 0.5f, 8, -1], 2, 2)));
        WeightDeltaEffect change = (WeightDeltaEffect)Load(package, model.Shape).BuildEffects(model).Single();
        SelfCheck.Equal("ΔW", change.Delta, 4, 16, 20, -6, 6, 0);
    }
}
