namespace SkPeft.Peft.PTuning;

/// <summary>A loaded P-tuning prompt: the encoder ran for the last time when it was saved.</summary>
internal sealed class PTuningModule(PTuningConfig config, Tensor embeddings) : PeftModule
{
    /// <summary>The only tensor of the file; PEFT puts no prefix in front of it.</summary>
    public const string TensorName = "prompt_embeddings";

    public PTuningConfig Config { get; } = config;

    public override IReadOnlyList<string> MatchedModules { get; } = ["model.embed_tokens"];

    public override IReadOnlyList<Effect> BuildEffects(IBaseModel model) => [new PromptEmbeddingsEffect(embeddings)];
}
