using SkPeft.Tensors.SelfTests;

namespace SkPeft.Peft.PrefixTuning;

/// <summary>Prefix tuning (Li and Liang, arXiv 2101.00190) and P-tuning v2 (Liu et al., arXiv 2110.07602), as Hugging Face PEFT saves them.</summary>
public sealed class PrefixTuningMethod : ITrainablePeftMethod
{
    /// <inheritdoc/>
    public IReadOnlyList<string> PeftTypes { get; } = ["PREFIX_TUNING"];

    /// <inheritdoc/>
    public string Description => "Prefix tuning / P-tuning v2: keys and values in front of the text in every layer (Li and Liang 2021, arXiv 2101.00190; arXiv 2110.07602)";

    /// <inheritdoc/>
    public PeftModule Load(AdapterPackage package, ModelShape shape)
    {
        PrefixTuningConfig config = PrefixTuningConfig.Read(package);
        PrefixShapeCheck.RefuseFullWidth(package, shape.Sizes);
        AdapterTensors tensors = new(package);
        Tensor table = tensors.Take(PrefixTuningModule.TensorName, config.Keys.VirtualTokens, 2 * shape.Sizes.Layers * shape.Sizes.KeyValueWidth);
        tensors.Finish();
        config.Keys.RequireBase(package.Name, shape.Sizes.KeyValueWidth, shape.Sizes.KeyValueHeads, shape.Sizes.Layers);
        return new PrefixTuningModule(config, shape.Sizes.Layers, table);
    }

    /// <inheritdoc/>
    public PeftTraining BeginTraining(TrainingRequest request) => PrefixStart.Begin(this, request);

    /// <inheritdoc/>
    public void SelfTest()
    {
        // Two layers of one key-value head of width 2, two virtual tokens: row i is [k0 k0 v0 v0 k1 k1 v1 v1].
        ModelShape shape = new(new ModelSizes { Layers = 2, HiddenSize = 4, Heads = 2, KeyValueHeads = 1, HeadDim = 2, IntermediateSize = 2, VocabularySize = 3 });
        AdapterPackage package = SelfCheck.Adapter(
            """{ "peft_type": "PREFIX_TUNING", "num_virtual_tokens": 2, "token_dim": 2, "num_attention_heads": 1, "num_layers": 2 }""",
            ("prompt_embeddings", Tensor.From([1, 2, 3, 4, 5, 6, 7, 8, 10, 20, 30, 40, 50, 60, 70, 80], 2, 8)));

        IReadOnlyList<Effect> effects = Load(package, shape).BuildEffects(new TinyBase(shape.Sizes));

        SelfCheck.That("There is one effect a layer", effects is [KeyValuePrefixEffect { Layer: 0 }, KeyValuePrefixEffect { Layer: 1 }]);
        SelfCheck.Equal("The keys of layer 0", ((KeyValuePrefixEffect)effects[0]).Keys, 1, 2, 10, 20);
        SelfCheck.Equal("The values of layer 0", ((KeyValuePrefixEffect)effects[0]).Values, 3, 4, 30, 40);
        SelfCheck.Equal("The keys of layer 1", ((KeyValuePrefixEffect)effects[1]).Keys, 5, 6, 50, 60);
        SelfCheck.Equal("The values of layer 1", ((KeyValuePrefixEffect)effects[1]).Values, 7, 8, 70, 80);
    }
}
