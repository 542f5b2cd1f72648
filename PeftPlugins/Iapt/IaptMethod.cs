using SkPeft.Tensors.SelfTests;

namespace SkPeft.Peft.Iapt;

/// <summary>Instruction-aware prompt tuning: every layer's soft tokens are generated from the instruction (Zhu et al., arXiv 2405.18203).</summary>
public sealed class IaptMethod : ITrainablePeftMethod
{
    /// <inheritdoc/>
    public IReadOnlyList<string> PeftTypes { get; } = ["SKPEFT_IAPT"];

    /// <inheritdoc/>
    public string Description => "IAPT: soft tokens generated in every layer from the instruction (Zhu et al. 2024, arXiv 2405.18203)";

    /// <inheritdoc/>
    public PeftModule Load(AdapterPackage package, ModelShape shape)
    {
        IaptConfig config = IaptConfig.Read(package);
        AdapterTensors tensors = new(package);
        IReadOnlyList<IaptGenerator> generators = IaptTensors.Take(tensors, config, shape.Sizes);
        tensors.Finish();
        return new IaptModule(config, generators);
    }

    /// <inheritdoc/>
    public PeftTraining BeginTraining(TrainingRequest request) => IaptStart.Begin(this, request);

    /// <inheritdoc/>
    public void SelfTest()
    {
        // One layer, bottleneck 1, one soft token. Rows (2, ·) and (4, ·) go down to 2 and 4; the scores ln 3 · (1, 2) pool them with weights
        // 1/4 and 3/4 to 3.5; Ra(3.5) = (1 + 2 · 3.5) / (1 + |-3.5|) = 16/9; up gives (32/9, -64/9), the bias of the token adds (1/9, 1/9).
        ModelShape shape = new(new ModelSizes { Layers = 1, HiddenSize = 2, Heads = 1, KeyValueHeads = 1, HeadDim = 2, IntermediateSize = 2, VocabularySize = 3 });
        AdapterPackage package = SelfCheck.Adapter(
            """{ "peft_type": "SKPEFT_IAPT", "num_virtual_tokens": 1, "bottleneck": 1, "share_group": 1, "up_bias": "token" }""",
            ("groups.0.down.weight", Tensor.From([1, 0], 1, 2)),
            ("groups.0.up.weight", Tensor.From([2, -4], 2, 1)),
            ("layers.0.pool.weight", Tensor.From([0.54930614f], 1, 1)),
            ("layers.0.act.numerator", Tensor.From([1, 2, 0, 0, 0, 0, 0], 7)),
            ("layers.0.act.denominator", Tensor.From([-1, 0, 0, 0, 0], 5)),
            ("layers.0.up.bias", Tensor.From([1f / 9, 1f / 9], 1, 2)));

        IReadOnlyList<Effect> effects = Load(package, shape).BuildEffects(new TinyBase(shape.Sizes));

        SelfCheck.That("There is one generator of one token", effects is [GeneratedPrefixEffect { Layer: 0, Count: 1 }]);
        Tensor prompt = ((GeneratedPrefixEffect)effects[0]).Generate(Tensor.From([2, 5, 4, 7], 2, 2));
        SelfCheck.Equal("The soft token", prompt, 33f / 9, -7);
    }
}
