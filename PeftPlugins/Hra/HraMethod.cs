using SkPeft.Tensors.Layers;
using SkPeft.Tensors.SelfTests;

namespace SkPeft.Peft.Hra;

/// <summary>HRA, Householder reflection adaptation (Yuan et al., arXiv 2405.17484). Files as HF PEFT 0.21 writes them.</summary>
public sealed class HraMethod : ITrainablePeftMethod
{
    /// <inheritdoc/>
    public IReadOnlyList<string> PeftTypes { get; } = ["HRA"];

    /// <inheritdoc/>
    public string Description => "HRA: weights are multiplied by a chain of Householder reflections (arXiv 2405.17484)";

    /// <inheritdoc/>
    public PeftModule Load(AdapterPackage package, ModelShape shape) => LayerMethods.Load(package, shape, HraScheme.Read);

    /// <inheritdoc/>
    public PeftTraining BeginTraining(TrainingRequest request) => LayerMethods.Begin(this, request, HraScheme.Read);

    /// <inheritdoc/>
    public void SelfTest()
    {
        // Reflections at (3, 4)/5 and (1, 0). W H₀ H₁ = W − 2 C U, with c₀ = W u₀ and c₁ = W u₁ − 2 c₀ (u₀·u₁).
        const string query = "model.layers.0.self_attn.q_proj";
        TinyBase model = new((query, Tensor.From([5, 0, 0, 10], 2, 2)));
        AdapterPackage package = SelfCheck.Adapter(
            """{ "peft_type": "HRA", "r": 2, "target_modules": ["q_proj"] }""",
            (AdapterTensors.Prefix + query + ".hra_u", Tensor.From([3, 7, 4, 0], 2, 2)));
        LowRankEffect low = (LowRankEffect)Load(package, model.Shape).BuildEffects(model).Single();
        SelfCheck.Equal("the unit vectors", low.A, 0.6f, 0.8f, 1, 0);
        SelfCheck.Equal("C", low.B, 3, 1.4f, 8, -9.6f);
        SelfCheck.Equal("the scale", Tensor.From([low.Scale], 1), -2);
    }
}
