using SkPeft.Tensors;
using SkPeft.Tensors.SelfTests;
using SkPeft.Tensors.Training;

namespace SkPeft.Peft.Dept;

/// <summary>DePT: a shorter prompt, and a table of low rank added to the text's embeddings (Shi and Lipani, arXiv 2309.05173).</summary>
public sealed class DeptMethod : ITrainablePeftMethod
{
    // The two parts need very different learning rates (0.3 and 5e-4 … 5e-3 in the paper).
    private const string PromptGroup = "prompt";
    private const string TableGroup = "table";

    /// <inheritdoc/>
    public IReadOnlyList<string> PeftTypes { get; } = ["SKPEFT_DEPT"];

    /// <inheritdoc/>
    public string Description => "DePT: a prompt, and a low-rank table added to the text's embeddings (Shi and Lipani 2023, arXiv 2309.05173)";

    /// <inheritdoc/>
    public PeftModule Load(AdapterPackage package, ModelShape shape)
    {
        DeptConfig config = DeptConfig.Read(package);
        AdapterTensors tensors = new(package);
        Tensor prompt = tensors.Take(DeptModule.Prompt, config.VirtualTokens, shape.Sizes.HiddenSize);
        Tensor a = tensors.Take(DeptModule.A, config.MaxLength, config.Rank);
        Tensor b = tensors.Take(DeptModule.B, config.Rank, shape.Sizes.HiddenSize);
        tensors.Finish();
        return new DeptModule(config, prompt, a, b);
    }

    /// <inheritdoc/>
    public PeftTraining BeginTraining(TrainingRequest request)
    {
        AdapterPackage package = new ConfigDraft(request).Default("num_virtual_tokens", 20).Default("r", 20).Default("lora_alpha", 8).Default("max_length", 256)
            .ToPackage(request.Package.Name);
        DeptConfig config = DeptConfig.Read(package);
        StartReader options = new(request);
        SoftTokenStart prompt = SoftTokenStart.Read(options);
        options.Finish();
        ParameterSet parameters = new();
        parameters.Add(DeptModule.Prompt, DeptModule.Prompt, prompt.Create(request, config.VirtualTokens), PromptGroup);
        // B = 0: the text's embeddings start as they are.
        parameters.Add(DeptModule.A, DeptModule.A, StartValues.KaimingUniform(request.Random, config.MaxLength, config.Rank), TableGroup);
        parameters.Add(DeptModule.B, DeptModule.B, new Tensor(config.Rank, request.Model.Shape.Sizes.HiddenSize), TableGroup);
        return new DirectTraining(this, request, package.Config, parameters);
    }

    /// <inheritdoc/>
    public void SelfTest()
    {
        // Scale 6 / √4 = 3: row 0 of the table is 3 · (1 · (1, 2) + 2 · (3, 4) + 0 + 0) = (21, 30), row 1 is 3 · (0, 0) = 0.
        ModelShape shape = new(new ModelSizes { Layers = 1, HiddenSize = 2, Heads = 1, KeyValueHeads = 1, HeadDim = 2, IntermediateSize = 2, VocabularySize = 3 });
        AdapterPackage package = SelfCheck.Adapter(
            """{ "peft_type": "SKPEFT_DEPT", "num_virtual_tokens": 1, "r": 4, "lora_alpha": 6, "max_length": 2 }""",
            (DeptModule.Prompt, Tensor.From([5, 6], 1, 2)),
            (DeptModule.A, Tensor.From([1, 2, 0, 0, 0, 0, 0, 0], 2, 4)),
            (DeptModule.B, Tensor.From([1, 2, 3, 4, 5, 6, 7, 8], 4, 2)));

        IReadOnlyList<Effect> effects = Load(package, shape).BuildEffects(new TinyBase(shape.Sizes));

        SelfCheck.That("There are a prompt and an addition", effects is [PromptEmbeddingsEffect, TokenEmbeddingEffect]);
        SelfCheck.Equal("The prompt", ((PromptEmbeddingsEffect)effects[0]).Embeddings, 5, 6);
        SelfCheck.Equal("The text", ((TokenEmbeddingEffect)effects[1]).Apply([0, 0, 0], 0, Tensor.From([1, 1, 2, 2, 3, 3], 3, 2)), 22, 31, 2, 2, 3, 3);
    }
}
