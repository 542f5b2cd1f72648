namespace SkPeft.Tensors.Layers;

/// <summary>A tensor that an adapter has for each of its layers.</summary>
/// <param name="Name">Its name behind the layer's, for instance <c>hada_w1_a</c>.</param>
/// <param name="Shape">Its extents; -1 where the file decides.</param>
public sealed record LayerTensor(string Name, params int[] Shape)
{
    /// <summary>How it starts.</summary>
    public required Func<Random, Tensor> Start { get; init; }

    /// <summary>Whether weight decay applies.</summary>
    public bool Decays { get; init; } = true;

    /// <summary>
    /// Brings values back to where they must be, before they are used; no gradient flows through it (the gradient is that at the value
    /// given back). Null for most.
    /// </summary>
    public Func<Tensor, Tensor>? Constraint { get; init; }
}
