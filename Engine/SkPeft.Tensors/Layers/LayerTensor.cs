namespace SkPeft.Tensors.Layers;

/// <summary>A tensor that an adapter has for each of its layers.</summary>
/// <param name="Name">Its name behind the layer's, for instance <c>hada_w1_a</c>.</param>
/// <param name="Shape">Its extents.</param>
public sealed record LayerTensor(string Name, params int[] Shape)
{
    /// <summary>How it starts: a tensor of a shape.</summary>
    public required Func<Random, int[], Tensor> Start { get; init; }

    /// <summary>Other extents that a file may have, or null.</summary>
    public int[]? AlsoFits { get; init; }

    /// <summary>Its own name in training states; null: the one in the file, with the adapter's name put in (<see cref="TargetLayer.TrainingName"/>).</summary>
    public string? TrainingName { get; init; }

    /// <summary>The group of parameters that it shares a learning rate with.</summary>
    public string Group { get; init; } = TrainingParameter.DefaultGroup;

    /// <summary>The factor on the run's learning rate where the options say nothing of the group.</summary>
    public float RateFactor { get; init; } = 1;

    /// <summary>Whether weight decay applies.</summary>
    public bool Decays { get; init; } = true;

    /// <summary>
    /// Brings values back to where they must be, before they are used; no gradient flows through it (the gradient is that at the value
    /// given back). Null for most.
    /// </summary>
    public Func<Tensor, Tensor>? Constraint { get; init; }

    /// <summary>The extents that it has, given a file that may have either.</summary>
    /// <param name="fileName">Its name in the file.</param>
    /// <param name="package">The file.</param>
    internal int[] ShapeIn(string fileName, AdapterPackage package) =>
        AlsoFits is not null && package.Tensors.TryGetValue(fileName, out Tensor? tensor) && tensor.Shape.SequenceEqual(AlsoFits) ? AlsoFits : Shape;
}
