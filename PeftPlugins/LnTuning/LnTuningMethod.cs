using SkPeft.Tensors.Layers;
using SkPeft.Tensors.SelfTests;

namespace SkPeft.Peft.LnTuning;

/// <summary>LN tuning (Zhao et al., arXiv 2312.11420): the norms are trained, everything else stays. Files as HF PEFT 0.21 writes them.</summary>
public sealed class LnTuningMethod : ITrainablePeftMethod
{
    /// <inheritdoc/>
    public IReadOnlyList<string> PeftTypes { get; } = ["LN_TUNING"];

    /// <inheritdoc/>
    public string Description => "LN tuning: trained norms (arXiv 2312.11420)";

    /// <inheritdoc/>
    public PeftModule Load(AdapterPackage package, ModelShape shape) => LayerMethods.Load(package, shape, reader => LnTuningScheme.Read(reader, null));

    /// <inheritdoc/>
    public PeftTraining BeginTraining(TrainingRequest request) =>
        LayerMethods.Begin(this, request, reader => LnTuningScheme.Read(reader, request.Model));

    /// <inheritdoc/>
    public void SelfTest()
    {
        TinyBase model = new();
        AdapterPackage package = SelfCheck.Adapter(
            """{ "peft_type": "LN_TUNING", "target_modules": ["norm"] }""", (AdapterTensors.Prefix + "model.norm.ln_tuning_layers.weight", Tensor.From([2, -1], 2)));
        IReadOnlyList<Effect> effects = Load(package, model.Shape).BuildEffects(model);
        SelfCheck.That("There is one effect, on the final norm", effects is [NormEffect { Site: { Layer: -1, Kind: NormKind.Final } }]);
        SelfCheck.Equal("The gain", ((NormEffect)effects[0]).Weight, 2, -1);
    }
}
