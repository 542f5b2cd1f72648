namespace SkPeft.Tensors.Layers;

/// <summary>A tensor that all layers of an adapter share.</summary>
/// <param name="FileName">Its name in the adapter's file.</param>
/// <param name="Shape">Its extents.</param>
public sealed record SharedTensor(string FileName, params int[] Shape)
{
    /// <summary>How it starts, where it is trained.</summary>
    public Func<Random, int[], Tensor>? Start { get; init; }

    /// <summary>Its name in training states, where it is trained.</summary>
    public string? TrainingName { get; init; }

    /// <summary>Whether weight decay applies, where it is trained.</summary>
    public bool Decays { get; init; } = true;

    /// <summary>What it is where it is not trained and no file has it.</summary>
    public Func<Tensor>? Derive { get; init; }

    /// <summary>Whether the file has it. What a file lacks is derived.</summary>
    public bool IsSaved { get; init; } = true;

    /// <summary>Other names under which the file repeats it.</summary>
    public IReadOnlyList<string> Copies { get; init; } = [];
}
