using SkPeft.Tensors.Layers;
using SkPeft.Tensors.SelfTests;

namespace SkPeft.Peft.LoKr;

/// <summary>
/// LoKr, low-rank Kronecker product (KronA: Edalati et al., arXiv 2212.10650; LyCORIS: Yeh et al., arXiv 2309.14859). Files as HF PEFT 0.21
/// writes them.
/// </summary>
public sealed class LoKrMethod : ITrainablePeftMethod
{
    /// <inheritdoc/>
    public IReadOnlyList<string> PeftTypes { get; } = ["LOKR"];

    /// <inheritdoc/>
    public string Description => "LoKr: weights change by a Kronecker product of small or low-rank matrices (arXiv 2309.14859)";

    /// <inheritdoc/>
    public PeftModule Load(AdapterPackage package, ModelShape shape) => LayerMethods.Load(package, shape, LoKrScheme.Read);

    /// <inheritdoc/>
    public PeftTraining BeginTraining(TrainingRequest request) => LayerMethods.Begin(this, request, LoKrScheme.Read);

    /// <inheritdoc/>
    public void SelfTest()
    {
        // down_proj is [2, 3]: 2 = 1 · 2 and 3 = 1 · 3, so w1 is one number and w2 the whole matrix.
        TinyBase model = new();
        const string name = AdapterTensors.Prefix + "model.layers.0.mlp.down_proj.lokr_";
        AdapterPackage package = SelfCheck.Adapter(
            """{ "peft_type": "LOKR", "r": 4, "alpha": 2, "target_modules": ["down_proj"] }""",
            (name + "w1", Tensor.From([3], 1, 1)),
            (name + "w2", Tensor.From([1, 2, 3, 4, 5, 6], 2, 3)));
        WeightDeltaEffect change = (WeightDeltaEffect)Load(package, model.Shape).BuildEffects(model).Single();
        SelfCheck.Equal("ΔW", change.Delta, 1.5f, 3, 4.5f, 6, 7.5f, 9);
        SelfCheck.That("720 is split nearest to its root", Factors.Of(720, -1) == (24, 30) && Factors.Of(720, 16) == (16, 45) && Factors.Of(721, 16) == (7, 103));
    }
}
