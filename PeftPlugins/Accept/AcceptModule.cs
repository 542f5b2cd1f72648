using SkPeft.Tensors.Effects;

namespace SkPeft.Peft.Accept;

/// <summary>A loaded ACCEPT adapter: both prompts are composed once, when the effects are built.</summary>
internal sealed class AcceptModule(AcceptConfig config, CompositePrompt prepended, CompositePrompt? added) : PeftModule
{
    public AcceptConfig Config { get; } = config;

    public override IReadOnlyList<string> MatchedModules { get; } = ["model.embed_tokens"];

    public override IReadOnlyList<Effect> BuildEffects(IBaseModel model)
    {
        PromptEmbeddingsEffect prompt = new(prepended.Compose());
        return added is null ? [prompt] : [prompt, new AddedPositionsEffect(added.Compose())];
    }
}
