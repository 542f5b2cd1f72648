namespace SkPeft.Peft.Iapt;

/// <summary>A loaded IAPT adapter: one generator a layer.</summary>
internal sealed class IaptModule(IaptConfig config, IReadOnlyList<IaptGenerator> generators) : PeftModule
{
    public IaptConfig Config { get; } = config;

    public override IReadOnlyList<string> MatchedModules { get; } = [.. Enumerable.Range(0, generators.Count).Select(l => $"model.layers.{l}.self_attn")];

    public override IReadOnlyList<Effect> BuildEffects(IBaseModel model) =>
        [.. generators.Select((generator, layer) => new IaptEffect(layer, Config.VirtualTokens, generator))];
}
