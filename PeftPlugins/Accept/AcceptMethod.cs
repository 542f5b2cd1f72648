using SkPeft.Tensors.SelfTests;

namespace SkPeft.Peft.Accept;

/// <summary>ACCEPT: prompts composed from codebooks of sub-vectors, prepended (SCPP) and added to the text (SCAP) (Lin et al., arXiv 2410.12847).</summary>
public sealed class AcceptMethod : ITrainablePeftMethod
{
    /// <inheritdoc/>
    public IReadOnlyList<string> PeftTypes { get; } = ["SKPEFT_ACCEPT"];

    /// <inheritdoc/>
    public string Description => "ACCEPT: prompts composed from codebooks, prepended and added (Lin et al. 2024, arXiv 2410.12847)";

    /// <inheritdoc/>
    public PeftModule Load(AdapterPackage package, ModelShape shape)
    {
        AcceptConfig config = AcceptConfig.Read(package, shape.Sizes.HiddenSize);
        AdapterTensors tensors = new(package);
        CompositePrompt prepended = CompositePrompt.Take(tensors, "prompt", config.Prepended, shape.Sizes.HiddenSize);
        CompositePrompt? added = config.Added is { } sizes ? CompositePrompt.Take(tensors, "scap", sizes, shape.Sizes.HiddenSize) : null;
        tensors.Finish();
        return new AcceptModule(config, prepended, added);
    }

    /// <inheritdoc/>
    public PeftTraining BeginTraining(TrainingRequest request) => AcceptStart.Begin(this, request);

    /// <inheritdoc/>
    public void SelfTest()
    {
        // Two positions in two subspaces of width 2, two codewords each: row = Σ weight · codeword, subspace by subspace.
        ModelShape shape = new(new ModelSizes { Layers = 1, HiddenSize = 4, Heads = 1, KeyValueHeads = 1, HeadDim = 4, IntermediateSize = 2, VocabularySize = 3 });
        AdapterPackage package = SelfCheck.Adapter(
            """{ "peft_type": "SKPEFT_ACCEPT", "num_virtual_tokens": 2, "sub_dim": 2, "codewords": 2, "scap": true, "max_length": 2, "scap_sub_dim": 4, "scap_codewords": 1 }""",
            ("prompt_weight", Tensor.From([1, 0, 0, 2, 1, 1, -1, 3], 2, 2, 2)),
            ("codebook_prompt", Tensor.From([1, 2, 3, 4, 5, 6, 7, 8], 2, 2, 2)),
            ("scap_weight", Tensor.From([10, 100], 2, 1, 1)),
            ("codebook_scap", Tensor.From([1, 2, 3, 4], 1, 1, 4)));

        IReadOnlyList<Effect> effects = Load(package, shape).BuildEffects(new TinyBase(shape.Sizes));

        SelfCheck.That("There are a prompt and an addition", effects is [PromptEmbeddingsEffect, TokenEmbeddingEffect]);
        SelfCheck.Equal("The prepended prompt", ((PromptEmbeddingsEffect)effects[0]).Embeddings, 1, 2, 14, 16, 4, 6, 16, 18);
        Tensor text = Tensor.From([1, 1, 1, 1, 2, 2, 2, 2], 2, 4);
        SelfCheck.Equal("The second and third embedding", ((TokenEmbeddingEffect)effects[1]).Apply([0, 0], 1, text), 101, 201, 301, 401, 2, 2, 2, 2);
    }
}
