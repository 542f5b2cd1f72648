using SkPeft.Tensors.Layers;
using SkPeft.Tensors.SelfTests;

namespace SkPeft.Peft.LoHa;

/// <summary>
/// LoHa, low-rank Hadamard product (FedPara: Hyeon-Woo et al., arXiv 2108.06098; LyCORIS: arXiv 2309.14859). Files as HF PEFT 0.21 writes them.
/// </summary>
public sealed class LoHaMethod : ITrainablePeftMethod
{
    /// <inheritdoc/>
    public IReadOnlyList<string> PeftTypes { get; } = ["LOHA"];

    /// <inheritdoc/>
    public string Description => "LoHa: weights change by the Hadamard product of two low-rank matrices (arXiv 2108.06098)";

    /// <inheritdoc/>
    public PeftModule Load(AdapterPackage package, ModelShape shape) => LayerMethods.Load(package, shape, LoHaScheme.Read);

    /// <inheritdoc/>
    public PeftTraining BeginTraining(TrainingRequest request) => LayerMethods.Begin(this, request, LoHaScheme.Read);

    /// <inheritdoc/>
    public void SelfTest()
    {
        const string name = AdapterTensors.Prefix + "model.layers.0.self_attn.q_proj.hada_";
        TinyBase model = new();
        AdapterPackage package = SelfCheck.Adapter(
            """{ "peft_type": "LOHA", "r": 1, "alpha": 3, "target_modules": ["q_proj"] }""",
            (name + "w1_a", Tensor.From([1, 2], 2, 1)),
            (name + "w1_b", Tensor.From([1, -1], 1, 2)),
            (name + "w2_a", Tensor.From([4, 1], 2, 1)),
            (name + "w2_b", Tensor.From([1, 5], 1, 2)));

        // 3 · [[1, −1], [2, −2]] ⊙ [[4, 20], [1, 5]] = 3 · [4, 2]ᵀ [1, −5].
        LowRankEffect low = (LowRankEffect)Load(package, model.Shape).BuildEffects(model).Single();
        SelfCheck.Equal("A", low.A, 1, -5);
        SelfCheck.Equal("B", low.B, 4, 2);
        SelfCheck.Equal("the scale", Tensor.From([low.Scale], 1), 3);
    }
}
