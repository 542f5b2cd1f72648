using SkPeft.Tensors.SelfTests;

namespace SkPeft.Peft.PTuning;

/// <summary>P-tuning (Liu et al., arXiv 2103.10385): trained through a prompt encoder; what ships is its outputs, as Hugging Face PEFT saves them.</summary>
public sealed class PTuningMethod : ITrainablePeftMethod
{
    /// <inheritdoc/>
    public IReadOnlyList<string> PeftTypes { get; } = ["P_TUNING"];

    /// <inheritdoc/>
    public string Description => "P-tuning: soft tokens from a prompt encoder, in front of the text (Liu et al. 2021, arXiv 2103.10385)";

    /// <inheritdoc/>
    public PeftModule Load(AdapterPackage package, ModelShape shape)
    {
        PTuningConfig config = PTuningConfig.Read(package);
        AdapterTensors tensors = new(package);
        Tensor embeddings = tensors.Take(PTuningModule.TensorName, config.Keys.VirtualTokens, shape.Sizes.HiddenSize);
        tensors.Finish();
        config.Keys.RequireBase(package.Name, shape.Sizes.HiddenSize, null, shape.Sizes.Layers);
        return new PTuningModule(config, embeddings);
    }

    /// <inheritdoc/>
    public PeftTraining BeginTraining(TrainingRequest request) => PTuningStart.Begin(request);

    /// <inheritdoc/>
    public void SelfTest()
    {
        ModelShape shape = new(new ModelSizes { Layers = 1, HiddenSize = 2, Heads = 1, KeyValueHeads = 1, HeadDim = 2, IntermediateSize = 2, VocabularySize = 3 });
        AdapterPackage package = SelfCheck.Adapter(
            """{ "peft_type": "P_TUNING", "num_virtual_tokens": 3, "token_dim": 2 }""",
            ("prompt_embeddings", Tensor.From([1, 2, 3, 4, 5, 6], 3, 2)));

        IReadOnlyList<Effect> effects = Load(package, shape).BuildEffects(new TinyBase(shape.Sizes));

        SelfCheck.That("There is one effect, on the prompt", effects is [PromptEmbeddingsEffect]);
        SelfCheck.Equal("The prompt", ((PromptEmbeddingsEffect)effects[0]).Embeddings, 1, 2, 3, 4, 5, 6);
    }
}
