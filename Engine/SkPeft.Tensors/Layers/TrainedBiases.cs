namespace SkPeft.Tensors.Layers;

/// <summary>Which of the base's own biases an adapter brings new values for (<c>bias</c>).</summary>
public enum TrainedBiases
{
    /// <summary>None (<c>none</c>).</summary>
    None,

    /// <summary>Those of the targeted layers (<c>…_only</c>, whatever the method calls it).</summary>
    Targeted,

    /// <summary>All (<c>all</c>).</summary>
    All,
}
