using SkPeft.Tensors.SelfTests;
using SkPeft.Tensors.Training;

namespace SkPeft.Peft.PromptTuning;

/// <summary>Prompt tuning: trained embeddings in front of the text (Lester et al., arXiv 2104.08691), as Hugging Face PEFT saves it.</summary>
public sealed class PromptTuningMethod : ITrainablePeftMethod
{
    // Where more of them bring little (arXiv 2104.08691, §3.2).
    private const int DefaultTokens = 20;

    /// <inheritdoc/>
    public IReadOnlyList<string> PeftTypes { get; } = ["PROMPT_TUNING"];

    /// <inheritdoc/>
    public string Description => "Prompt tuning: soft tokens in front of the text (Lester et al. 2021, arXiv 2104.08691)";

    /// <inheritdoc/>
    public PeftModule Load(AdapterPackage package, ModelShape shape)
    {
        PromptTuningConfig config = PromptTuningConfig.Read(package);
        AdapterTensors tensors = new(package);
        Tensor embeddings = tensors.Take(PromptTuningModule.TensorName, config.Keys.VirtualTokens, shape.Sizes.HiddenSize);
        tensors.Finish();
        config.Keys.RequireBase(package.Name, shape.Sizes.HiddenSize, null, shape.Sizes.Layers);
        return new PromptTuningModule(config, embeddings);
    }

    /// <inheritdoc/>
    public PeftTraining BeginTraining(TrainingRequest request)
    {
        ModelSizes sizes = request.Model.Shape.Sizes;
        ConfigDraft draft = new ConfigDraft(request).PromptLearning(DefaultTokens, sizes.HiddenSize, sizes.Heads, sizes.Layers).Default("prompt_tuning_init", "RANDOM");
        AdapterPackage package = draft.ToPackage(request.Package.Name);
        PromptTuningConfig config = PromptTuningConfig.Read(package);
        StartReader options = new(request);
        SoftTokenStart start = SoftTokenStart.Read(options, new AdapterConfigReader(package));
        options.Finish();
        ParameterSet parameters = new();
        parameters.Add(PromptTuningModule.TensorName, "prompt_encoder.default.embedding.weight", start.Create(request, config.Keys.VirtualTokens));
        return new DirectTraining(this, request, package.Config, parameters);
    }

    /// <inheritdoc/>
    public void SelfTest()
    {
        ModelShape shape = new(new ModelSizes { Layers = 1, HiddenSize = 2, Heads = 1, KeyValueHeads = 1, HeadDim = 2, IntermediateSize = 2, VocabularySize = 3 });
        AdapterPackage package = SelfCheck.Adapter(
            """{ "peft_type": "PROMPT_TUNING", "num_virtual_tokens": 3, "token_dim": 2 }""",
            ("prompt_embeddings", Tensor.From([1, 2, 3, 4, 5, 6], 3, 2)));

        IReadOnlyList<Effect> effects = Load(package, shape).BuildEffects(new TinyBase(shape.Sizes));

        SelfCheck.That("There is one effect, on the prompt", effects is [PromptEmbeddingsEffect]);
        SelfCheck.Equal("The prompt", ((PromptEmbeddingsEffect)effects[0]).Embeddings, 1, 2, 3, 4, 5, 6);
    }
}
