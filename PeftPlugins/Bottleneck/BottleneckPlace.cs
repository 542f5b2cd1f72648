namespace SkPeft.Peft.Bottleneck;

/// <summary>One place of a network.</summary>
/// <param name="Layer">The block.</param>
/// <param name="SubLayer">Attention or MLP.</param>
internal readonly record struct BottleneckPlace(int Layer, SubLayerKind SubLayer)
{
    /// <summary>Its name in the file, for instance <c>layers.0.mlp</c>.</summary>
    public string Name => $"layers.{Layer}.{(SubLayer == SubLayerKind.Attention ? "attention" : "mlp")}";
}
