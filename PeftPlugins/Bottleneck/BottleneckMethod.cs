using SkPeft.Tensors.SelfTests;
using SkPeft.Tensors.Training;

namespace SkPeft.Peft.Bottleneck;

/// <summary>
/// Bottleneck adapters: a small network behind the sub-layers (Houlsby et al., arXiv 1902.00751; Pfeiffer et al., arXiv 2005.00247) or
/// beside the MLP (He et al., arXiv 2110.04366). The file format is our own.
/// </summary>
public sealed class BottleneckMethod : ITrainablePeftMethod
{
    /// <inheritdoc/>
    public IReadOnlyList<string> PeftTypes { get; } = ["SKPEFT_BOTTLENECK"];

    /// <inheritdoc/>
    public string Description => "Bottleneck adapters: Houlsby, Pfeiffer and parallel (arXiv 1902.00751, 2005.00247, 2110.04366)";

    /// <inheritdoc/>
    public PeftModule Load(AdapterPackage package, ModelShape shape)
    {
        BottleneckConfig config = BottleneckConfig.Read(package);
        AdapterTensors tensors = new(package);
        List<(int, SubLayerKind, BottleneckNetwork)> networks = [.. config.Places(shape.Sizes.Layers).Select(place => (
            place.Layer, place.SubLayer, BottleneckNetwork.Take(tensors, place.Name, config.Width, shape.Sizes.HiddenSize, config.Activation)))];
        tensors.Finish();
        return new BottleneckModule(config, networks);
    }

    /// <inheritdoc/>
    public PeftTraining BeginTraining(TrainingRequest request)
    {
        new StartReader(request).Finish();
        ConfigDraft draft = BottleneckConfig.Complete(new ConfigDraft(request));
        BottleneckConfig config = BottleneckConfig.Read(draft.ToPackage(request.Package.Name));
        ParameterSet parameters = new();
        foreach (BottleneckPlace place in config.Places(request.Model.Shape.Sizes.Layers))
        {
            BottleneckNetwork.Start(parameters, place.Name, config.Width, request.Model.Shape.Sizes.HiddenSize, request.Random);
        }

        return new DirectTraining(this, request, draft.ToElement(), parameters);
    }

    /// <inheritdoc/>
    public void SelfTest()
    {
        TinyBase model = new();
        AdapterPackage package = SelfCheck.Adapter(
            """{ "peft_type": "SKPEFT_BOTTLENECK", "placement": "parallel", "bottleneck": 1, "activation": "relu", "scale": 4 }""",
            ("layers.0.mlp.down.weight", Tensor.From([2, 1], 1, 2)),
            ("layers.0.mlp.down.bias", Tensor.From([-1], 1)),
            ("layers.0.mlp.up.weight", Tensor.From([3, -1], 2, 1)),
            ("layers.0.mlp.up.bias", Tensor.From([0.5f, 0], 2)));
        SubLayerEffect effect = (SubLayerEffect)Load(package, model.Shape).BuildEffects(model).Single();

        // Row 1: relu(2·1 + 1·1 − 1) = 2 → (6.5, −2); row 2: relu(2·(−1) + 0 − 1) = 0 → (0.5, 0); four times that is added to the output.
        Tensor result = effect.Apply(Tensor.From([1, 1, -1, 0], 2, 2), Tensor.From([10, 10, 20, 20], 2, 2));
        SelfCheck.Equal("The output of the MLP", result, 36, 2, 22, 20);
    }
}
