namespace SkPeft.Peft.PromptTuning.Infix;

/// <summary>Loaded soft tokens for the middle of a prompt.</summary>
internal sealed class InfixPromptModule(InfixPromptConfig config, Tensor embeddings) : PeftModule
{
    public override IReadOnlyList<string> MatchedModules { get; } = ["model.embed_tokens"];

    public override IReadOnlyList<Effect> BuildEffects(IBaseModel model) => [new SlotEmbeddingsEffect(embeddings, config.Slots)];
}
