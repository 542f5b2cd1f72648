using SkPeft.Tensors.Layers;
using SkPeft.Tensors.SelfTests;

namespace SkPeft.Peft.Vera;

/// <summary>VeRA, vector-based random matrix adaptation (Kopiczko et al., arXiv 2310.11454). Files as HF PEFT 0.21 writes them.</summary>
public sealed class VeraMethod : ITrainablePeftMethod
{
    /// <inheritdoc/>
    public IReadOnlyList<string> PeftTypes { get; } = ["VERA"];

    /// <inheritdoc/>
    public string Description => "VeRA: learned vectors between random matrices that all layers share (arXiv 2310.11454)";

    /// <inheritdoc/>
    public PeftModule Load(AdapterPackage package, ModelShape shape) => LayerMethods.Load(package, shape, VeraScheme.Read);

    /// <inheritdoc/>
    public PeftTraining BeginTraining(TrainingRequest request) => LayerMethods.Begin(this, request, VeraScheme.Read);

    /// <inheritdoc/>
    public void SelfTest()
    {
        // gate_proj is [3, 2], down_proj [2, 3]: the shared matrices are [1, 3] and [3, 1], and each layer sees a part of them.
        TinyBase model = new();
        const string layer = AdapterTensors.Prefix + "model.layers.0.mlp.";
        AdapterPackage package = SelfCheck.Adapter(
            """{ "peft_type": "VERA", "r": 1, "target_modules": ["gate_proj", "down_proj"] }""",
            ("base_model.vera_A", Tensor.From([1, 2, 3], 1, 3)),
            ("base_model.vera_B", Tensor.From([4, 5, 6], 3, 1)),
            (layer + "gate_proj.vera_lambda_d", Tensor.From([10], 1)),
            (layer + "gate_proj.vera_lambda_b", Tensor.From([1, 0, -1], 3)),
            (layer + "down_proj.vera_lambda_d", Tensor.From([1], 1)),
            (layer + "down_proj.vera_lambda_b", Tensor.From([2, 1], 2)));
        LowRankEffect[] effects = [.. Load(package, model.Shape).BuildEffects(model).Cast<LowRankEffect>()];
        SelfCheck.Equal("A of gate_proj", effects[0].A, 10, 20);
        SelfCheck.Equal("B of gate_proj", effects[0].B, 4, 0, -6);
        SelfCheck.Equal("A of down_proj", effects[1].A, 1, 2, 3);
        SelfCheck.Equal("B of down_proj", effects[1].B, 8, 5);
    }
}
