namespace SkPeft.Peft.Bottleneck;

/// <summary>A loaded bottleneck adapter.</summary>
/// <param name="config">The configuration.</param>
/// <param name="networks">The networks by place.</param>
internal sealed class BottleneckModule(BottleneckConfig config, IReadOnlyList<(int Layer, SubLayerKind SubLayer, BottleneckNetwork Network)> networks)
    : PeftModule
{
    /// <inheritdoc/>
    public override IReadOnlyList<string> MatchedModules { get; } = [.. networks.Select(n => NameOf(config, n.Layer, n.SubLayer))];

    /// <inheritdoc/>
    public override IReadOnlyList<Effect> BuildEffects(IBaseModel model) => [.. networks.Select(n => config.Placement == Placement.Parallel
        ? (Effect)new ParallelEffect(n.Layer, n.Network, config.Scale)
        : new SerialEffect(n.Layer, n.SubLayer, n.Network))];

    // A serial network stands behind the sub-layer's last projection, a parallel one beside the whole MLP.
    private static string NameOf(BottleneckConfig config, int layer, SubLayerKind subLayer) => config.Placement == Placement.Parallel
        ? $"model.layers.{layer}.mlp"
        : ModelShape.NameOf(new LinearSite(layer, subLayer == SubLayerKind.Attention ? LinearKind.Output : LinearKind.Down));
}
