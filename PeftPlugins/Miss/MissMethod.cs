using SkPeft.Tensors.Layers;
using SkPeft.Tensors.SelfTests;

namespace SkPeft.Peft.Miss;

/// <summary>MiSS, matrix shard sharing, and its relative Bat (Kang and Yin, arXiv 2409.15371). Files as HF PEFT 0.21 writes them.</summary>
public sealed class MissMethod : ITrainablePeftMethod
{
    /// <inheritdoc/>
    public IReadOnlyList<string> PeftTypes { get; } = ["MISS"];

    /// <inheritdoc/>
    public string Description => "MiSS: one small matrix that all shards of a weight share (arXiv 2409.15371)";

    /// <inheritdoc/>
    public PeftModule Load(AdapterPackage package, ModelShape shape) => LayerMethods.Load(package, shape, MissScheme.Read);

    /// <inheritdoc/>
    public PeftTraining BeginTraining(TrainingRequest request) => LayerMethods.Begin(this, request, MissScheme.Read);

    /// <inheritdoc/>
    public void SelfTest()
    {
        const string down = AdapterTensors.Prefix + "model.layers.0.mlp.down_proj.miss_block";
        TinyBase model = new();
        AdapterPackage package = SelfCheck.Adapter(
            """{ "peft_type": "MISS", "r": 2, "target_modules": ["down_proj"] }""", (down, Tensor.From([1, 2, 3, 4], 2, 2)));
        LowRankEffect low = (LowRankEffect)Load(package, model.Shape).BuildEffects(model).Single();
        SelfCheck.Equal("A adds every second input", low.A, 1, 0, 1, 0, 1, 0);
        SelfCheck.Equal("B", low.B, 1, 3, 2, 4);

        const string query = "model.layers.0.self_attn.q_proj";
        model = new TinyBase((query, Tensor.From([1, 2, 3, 4], 2, 2)));
        package = SelfCheck.Adapter(
            """{ "peft_type": "MISS", "r": 2, "init_weights": "bat", "target_modules": ["q_proj"] }""",
            (AdapterTensors.Prefix + query + ".miss_block", Tensor.From([0, 1, 1, 0], 1, 2, 2)));
        WeightDeltaEffect change = (WeightDeltaEffect)Load(package, model.Shape).BuildEffects(model).Single();
        SelfCheck.Equal("W B + B", change.Delta, 2, 2, 5, 3);
    }
}
