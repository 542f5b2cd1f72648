using SkPeft.Tensors.Layers;
using SkPeft.Tensors.SelfTests;

namespace SkPeft.Peft.FourierFt;

/// <summary>FourierFT (Gao et al., arXiv 2405.03003). Files as HF PEFT 0.21 writes them.</summary>
public sealed class FourierFtMethod : ITrainablePeftMethod
{
    /// <inheritdoc/>
    public IReadOnlyList<string> PeftTypes { get; } = ["FOURIERFT"];

    /// <inheritdoc/>
    public string Description => "FourierFT: weights change by a few frequencies at random places of their spectrum (arXiv 2405.03003)";

    /// <inheritdoc/>
    public PeftModule Load(AdapterPackage package, ModelShape shape) => LayerMethods.Load(package, shape, FourierFtScheme.Read);

    /// <inheritdoc/>
    public PeftTraining BeginTraining(TrainingRequest request) => LayerMethods.Begin(this, request, FourierFtScheme.Read);

    /// <inheritdoc/>
    public void SelfTest()
    {
        // All frequencies of a 2 × 2 weight, all with the coefficient 2: wherever each lies, the transform is 2 at [0, 0] and 0 elsewhere.
        TinyBase model = new();
        AdapterPackage package = SelfCheck.Adapter(
            """{ "peft_type": "FOURIERFT", "n_frequency": 4, "scaling": 10, "random_loc_seed": 777, "target_modules": ["q_proj"] }""",
            (AdapterTensors.Prefix + "model.layers.0.self_attn.q_proj.fourierft_spectrum", Tensor.From([2, 2, 2, 2], 4)));
        WeightDeltaEffect change = (WeightDeltaEffect)Load(package, model.Shape).BuildEffects(model).Single();
        SelfCheck.Equal("ΔW", change.Delta, 20, 0, 0, 0);
    }
}
