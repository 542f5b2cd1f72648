using SkPeft.Tensors.Ops;

namespace SkPeft.Peft.LlamaAdapter;

/// <summary>A loaded LLaMA-Adapter: the base's own key and value projections turn each layer's prompts into keys and values.</summary>
internal sealed class LlamaAdapterModule(LlamaAdapterConfig config, IReadOnlyList<GatedPrompt> prompts) : PeftModule
{
    public LlamaAdapterConfig Config { get; } = config;

    public override IReadOnlyList<string> MatchedModules { get; } = [.. prompts.Select(p => $"model.layers.{p.Layer}.self_attn")];

    public override IReadOnlyList<Effect> BuildEffects(IBaseModel model) => [.. prompts.SelectMany(prompt => Effects(prompt, model))];

    private IEnumerable<Effect> Effects(GatedPrompt parameters, IBaseModel model)
    {
        int layer = parameters.Layer;
        ModelSizes sizes = model.Shape.Sizes;
        Tensor prompt = parameters.Prompt.Reshape(Config.Length, sizes.HiddenSize);
        Tensor gate = Config.Published ? parameters.Gate.Tanh() : parameters.Gate.BroadcastTo(sizes.Heads);
        yield return new GatedKeyValueEffect(
            layer,
            model.Linear(new LinearSite(layer, LinearKind.Key), prompt),
            model.Linear(new LinearSite(layer, LinearKind.Value), prompt),
            gate);

        // Hugging Face sends text and prompt through o_proj apart and adds the two: a bias of o_proj counts twice.
        LinearSite output = new(layer, LinearKind.Output);
        if (!Config.Published && model.Bias(ModelShape.NameOf(output)) is { } bias)
        {
            yield return new BiasEffect(output, bias);
        }
    }
}
