using SkPeft.Tensors.SelfTests;

namespace SkPeft.Peft.PromptTuning.Infix;

/// <summary>Soft tokens anywhere in the prompt, where its template says so (GPT Understands, Too, arXiv 2103.10385; infix, arXiv 2101.00190 §7.3).</summary>
public sealed class InfixPromptMethod : ITrainablePeftMethod
{
    /// <inheritdoc/>
    public IReadOnlyList<string> PeftTypes { get; } = ["SKPEFT_INFIX_PROMPT"];

    /// <inheritdoc/>
    public string Description => "Infix prompt: soft tokens at the places that the prompt's template names (after Liu et al. 2021, arXiv 2103.10385)";

    /// <inheritdoc/>
    public PeftModule Load(AdapterPackage package, ModelShape shape)
    {
        InfixPromptConfig config = InfixPromptConfig.Read(package);
        AdapterTensors tensors = new(package);
        Tensor embeddings = tensors.Take(PromptTuningModule.TensorName, config.Slots.Count, shape.Sizes.HiddenSize);
        tensors.Finish();
        return new InfixPromptModule(config, embeddings);
    }

    /// <inheritdoc/>
    public PeftTraining BeginTraining(TrainingRequest request) => InfixPromptStart.Begin(this, request);

    /// <inheritdoc/>
    public void SelfTest()
    {
        ModelShape shape = new(new ModelSizes { Layers = 1, HiddenSize = 2, Heads = 1, KeyValueHeads = 1, HeadDim = 2, IntermediateSize = 2, VocabularySize = 3 });
        AdapterPackage package = SelfCheck.Adapter(
            """{ "peft_type": "SKPEFT_INFIX_PROMPT", "num_virtual_tokens": 3, "prompt_template": "a<|VIRTUAL_PROMPT_0|>b<|VIRTUAL_PROMPT_1|>", "virtual_token_splits": [1, 2] }""",
            (PromptTuningModule.TensorName, Tensor.From([1, 2, 3, 4, 5, 6], 3, 2)));

        IReadOnlyList<Effect> effects = Load(package, shape).BuildEffects(new TinyBase(shape.Sizes));

        SelfCheck.That("There is one effect, on the slots", effects is [SlotEmbeddingsEffect { Slots.Count: 3 }]);
        SlotEmbeddingsEffect slots = (SlotEmbeddingsEffect)effects[0];
        SelfCheck.Equal("The soft tokens", slots.Embeddings, 1, 2, 3, 4, 5, 6);
        SelfCheck.That("The second run has the second and third", slots.Slots.Cut(slots.Slots.Template).SelectMany(p => p.Ids).SequenceEqual([-1, -2, -3]));
    }
}
