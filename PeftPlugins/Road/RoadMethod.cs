using SkPeft.Tensors.Layers;
using SkPeft.Tensors.SelfTests;

namespace SkPeft.Peft.Road;

/// <summary>RoAd, 2D rotary adaptation (Liao and Monz, arXiv 2409.00119). Files as HF PEFT 0.21 writes them.</summary>
public sealed class RoadMethod : ITrainablePeftMethod
{
    /// <inheritdoc/>
    public IReadOnlyList<string> PeftTypes { get; } = ["ROAD"];

    /// <inheritdoc/>
    public string Description => "RoAd: pairs of outputs are rotated and scaled (arXiv 2409.00119)";

    /// <inheritdoc/>
    public PeftModule Load(AdapterPackage package, ModelShape shape) => LayerMethods.Load(package, shape, RoadScheme.Read);

    /// <inheritdoc/>
    public PeftTraining BeginTraining(TrainingRequest request) => LayerMethods.Begin(this, request, RoadScheme.Read);

    /// <inheritdoc/>
    public void SelfTest()
    {
        // A quarter turn: (5, 7) becomes (-7, 5), times 2.
        TinyBase model = new();
        const string name = AdapterTensors.Prefix + "model.layers.0.self_attn.q_proj.road_";
        AdapterPackage package = SelfCheck.Adapter(
            """{ "peft_type": "ROAD", "variant": "road_1", "group_size": 2, "target_modules": ["q_proj"] }""",
            (name + "theta", Tensor.From([MathF.PI / 2], 1)),
            (name + "alpha", Tensor.From([2], 1)));
        CustomLinearEffect rotation = (CustomLinearEffect)Load(package, model.Shape).BuildEffects(model).Single();
        SelfCheck.Equal("a rotated output", rotation.TransformOutput(new Tensor(1, 2), Tensor.From([5, 7], 1, 2)), -14, 10);
    }
}
