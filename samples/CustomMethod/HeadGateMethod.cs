using SkPeft;
using SkPeft.Tensors;
using SkPeft.Tensors.Ops;
using SkPeft.Tensors.SelfTests;
using SkPeft.Tensors.Training;

namespace CustomMethod;

/// <summary>One trained gate a query head: at 1 the head is as it was, at 0 it is gone (the mask variables of Michel et al., arXiv 1905.10650).</summary>
public sealed class HeadGateMethod : ITrainablePeftMethod
{
    /// <inheritdoc/>
    public IReadOnlyList<string> PeftTypes { get; } = ["SAMPLE_HEAD_GATE"];

    /// <inheritdoc/>
    public string Description => "Head gates: one factor a query head (after Michel et al. 2019, arXiv 1905.10650)";

    /// <inheritdoc/>
    public PeftModule Load(AdapterPackage package, ModelShape shape)
    {
        HeadGateConfig config = HeadGateConfig.Read(package, shape);
        AdapterTensors tensors = new(package);
        Dictionary<int, Tensor> gates = config.Layers.ToDictionary(l => l, l => tensors.Take($"layers.{l}.gate", shape.Sizes.Heads));
        tensors.Finish();
        return new HeadGateModule(config, gates);
    }

    /// <inheritdoc/>
    public PeftTraining BeginTraining(TrainingRequest request)
    {
        new StartReader(request).Finish();
        ConfigDraft draft = new ConfigDraft(request).Default("scale", 1);
        HeadGateConfig config = HeadGateConfig.Read(draft.ToPackage(request.Package.Name), request.Model.Shape);
        ParameterSet parameters = new();
        foreach (string name in config.Layers.Select(l => $"layers.{l}.gate"))
        {
            // Step 0 is the base. Decay would pull the gates to 0, where the heads are gone.
            parameters.Add(name, name, StartValues.Constant(1 / config.Scale, request.Model.Shape.Sizes.Heads), decays: false);
        }

        return new DirectTraining(this, request, draft.ToElement(), parameters);
    }

    /// <inheritdoc/>
    public void SelfTest()
    {
        ModelShape shape = new(new ModelSizes { Layers = 2, HiddenSize = 4, Heads = 2, KeyValueHeads = 1, HeadDim = 3, IntermediateSize = 2, VocabularySize = 3 });
        AdapterPackage package = SelfCheck.Adapter(
            """{ "peft_type": "SAMPLE_HEAD_GATE", "layers": [1], "scale": 2.0 }""",
            ("layers.1.gate", Tensor.From([0.5f, -1], 2)));

        IReadOnlyList<Effect> effects = Load(package, shape).BuildEffects(new TinyBase(shape.Sizes));

        SelfCheck.That("There is one effect, on o_proj of layer 1", effects is [InputScaleEffect { Site: { Layer: 1, Kind: LinearKind.Output } }]);
        SelfCheck.Equal("The factors", ((InputScaleEffect)effects[0]).Scale, 1, 1, 1, -2, -2, -2);
    }
}

/// <summary>The configuration: what decides the function, checked; all problems are reported together.</summary>
/// <param name="Layers">The blocks that have gates; absent: all.</param>
/// <param name="Scale">A factor on all gates.</param>
internal sealed record HeadGateConfig(IReadOnlyList<int> Layers, float Scale)
{
    public static HeadGateConfig Read(AdapterPackage package, ModelShape shape)
    {
        AdapterConfigReader reader = new(package);
        IReadOnlyList<int> layers = reader.Integers("layers") ?? [.. Enumerable.Range(0, shape.Sizes.Layers)];
        foreach (int layer in layers.Where(l => l < 0 || l >= shape.Sizes.Layers))
        {
            reader.Problem($"layers has {layer}; 0 to {shape.Sizes.Layers - 1} are supported");
        }

        float scale = reader.Number("scale", 1);
        reader.TrainingOnly("gate_learning_rate");
        reader.Finish();
        return layers.Count > 0
            ? new HeadGateConfig([.. layers.Distinct()], scale)
            : throw new AdapterMatchesNothingException(package.Name, "an empty list of layers", $"layers 0 to {shape.Sizes.Layers - 1}");
    }
}

/// <summary>Parameters, and the map from parameters to effects, written with TensorOps alone.</summary>
internal sealed class HeadGateModule(HeadGateConfig config, IReadOnlyDictionary<int, Tensor> gates) : PeftModule
{
    public override IReadOnlyList<string> MatchedModules { get; } =
        [.. config.Layers.Select(l => ModelShape.NameOf(new LinearSite(l, LinearKind.Output)))];

    public override IReadOnlyList<Effect> BuildEffects(IBaseModel model)
    {
        ModelSizes sizes = model.Shape.Sizes;
        return [.. config.Layers.Select(layer => new InputScaleEffect(
            new LinearSite(layer, LinearKind.Output),
            gates[layer].Scale(config.Scale).Reshape(sizes.Heads, 1).BroadcastTo(sizes.Heads, sizes.HeadDim).Reshape(sizes.QueryWidth)))];
    }
}
