using SkPeft.Tensors.SelfTests;
using SkPeft.Tensors.Training;

namespace SkPeft.Peft.LlamaAdapter;

/// <summary>LLaMA-Adapter (Zhang et al., arXiv 2303.16199): Hugging Face's form (ADAPTION_PROMPT) and the published one.</summary>
public sealed class LlamaAdapterMethod : ITrainablePeftMethod
{
    /// <inheritdoc/>
    public IReadOnlyList<string> PeftTypes { get; } = [LlamaAdapterConfig.HuggingFaceType, LlamaAdapterConfig.PublishedType];

    /// <inheritdoc/>
    public string Description => "LLaMA-Adapter: gated prompts with a softmax of their own in the top layers (Zhang et al. 2023, arXiv 2303.16199)";

    /// <inheritdoc/>
    public PeftModule Load(AdapterPackage package, ModelShape shape)
    {
        LlamaAdapterConfig config = LlamaAdapterConfig.Read(package, shape);
        AdapterTensors tensors = new(package);
        IReadOnlyList<GatedPrompt> prompts = GatedPrompt.TakeAll(tensors, config, shape.Sizes);
        tensors.Finish();
        return new LlamaAdapterModule(config, prompts);
    }

    /// <inheritdoc/>
    public PeftTraining BeginTraining(TrainingRequest request)
    {
        new StartReader(request).Finish();
        ModelSizes sizes = request.Model.Shape.Sizes;
        ConfigDraft draft = LlamaAdapterConfig.Complete(new ConfigDraft(request), sizes);
        LlamaAdapterConfig config = LlamaAdapterConfig.Read(draft.ToPackage(request.Package.Name), request.Model.Shape);
        ParameterSet parameters = new();
        GatedPrompt.StartAll(parameters, config, sizes, request.Random);
        return new DirectTraining(this, request, draft.ToElement(), parameters);
    }

    /// <inheritdoc/>
    public void SelfTest()
    {
        // Two query heads on one key-value head of width 1, one prompt (2, 3): key 2 · 1 + 3 · 10 = 32, value 2 − 3 + 0.5 = −0.5.
        ModelShape shape = new(new ModelSizes { Layers = 2, HiddenSize = 2, Heads = 2, KeyValueHeads = 1, HeadDim = 1, IntermediateSize = 2, VocabularySize = 3, AttentionBias = true });
        TinyBase model = new(
            shape.Sizes,
            ("model.layers.1.self_attn.k_proj", Tensor.From([1, 10], 1, 2)),
            ("model.layers.1.self_attn.v_proj", Tensor.From([1, -1], 1, 2)),
            ("model.layers.1.self_attn.v_proj.bias", Tensor.From([0.5f], 1)),
            ("model.layers.1.self_attn.o_proj.bias", Tensor.From([7, 8], 2)));

        IReadOnlyList<Effect> published = Load(SelfCheck.Adapter(
            """{ "peft_type": "SKPEFT_LLAMA_ADAPTER", "adapter_len": 1, "adapter_layers": 1 }""",
            ("layers.1.prompt", Tensor.From([2, 3], 1, 2)), ("layers.1.gate", Tensor.From([0, 0.54930614f], 2))), shape).BuildEffects(model);
        IReadOnlyList<Effect> saved = Load(SelfCheck.Adapter(
            """{ "peft_type": "ADAPTION_PROMPT", "adapter_len": 1, "adapter_layers": 1, "target_modules": "self_attn" }""",
            ("base_model.model.model.layers.1.self_attn.adaption_prompt", Tensor.From([2, 3], 1, 1, 2)),
            ("base_model.model.model.layers.1.self_attn.adaption_gate", Tensor.From([0.25f], 1))), shape).BuildEffects(model);

        SelfCheck.That("The published form has one effect, in layer 1", published is [GatedKeyValueEffect { Layer: 1 }]);
        SelfCheck.Equal("The key", ((GatedKeyValueEffect)published[0]).Keys, 32);
        SelfCheck.Equal("The value", ((GatedKeyValueEffect)published[0]).Values, -0.5f);
        SelfCheck.Equal("The gates, squashed", ((GatedKeyValueEffect)published[0]).Gate, 0, 0.5f);
        SelfCheck.That("Hugging Face's form adds o_proj's bias once more", saved is [GatedKeyValueEffect, BiasEffect { Site: { Layer: 1, Kind: LinearKind.Output } }]);
        SelfCheck.Equal("The one gate, as it is, for both heads", ((GatedKeyValueEffect)saved[0]).Gate, 0.25f, 0.25f);
        SelfCheck.Equal("The bias", ((BiasEffect)saved[1]).Bias, 7, 8);
    }
}
