namespace SkPeft.Peft.PromptTuning;

/// <summary>A loaded prompt: its single parameter is its single effect.</summary>
internal sealed class PromptTuningModule(PromptTuningConfig config, Tensor embeddings) : PeftModule
{
    /// <summary>The only tensor of the file; PEFT puts no prefix in front of it.</summary>
    public const string TensorName = "prompt_embeddings";

    public PromptTuningConfig Config { get; } = config;

    public override IReadOnlyList<string> MatchedModules { get; } = ["model.embed_tokens"];

    public override IReadOnlyList<Effect> BuildEffects(IBaseModel model) => [new PromptEmbeddingsEffect(embeddings)];
}
