namespace SkPeft.Tensors.Layers;

/// <summary>A layer with its tensors.</summary>
/// <param name="Layer">The layer.</param>
/// <param name="Tensors">Its tensors.</param>
internal sealed record LoadedLayer(TargetLayer Layer, TensorsByName Tensors);
