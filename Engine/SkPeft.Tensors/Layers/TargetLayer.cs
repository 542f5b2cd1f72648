namespace SkPeft.Tensors.Layers;

/// <summary>A layer that an adapter targets.</summary>
/// <param name="Module">The layer.</param>
/// <param name="Seen">Its name as the adapter's file has it: what patterns are matched with.</param>
public sealed record TargetLayer(ModuleInfo Module, string Seen)
{
    /// <summary>Its outputs.</summary>
    public int Outputs => Module.Outputs;

    /// <summary>Its inputs.</summary>
    public int Inputs => Module.Inputs;

    /// <summary>The place that its effects touch; only of linear layers.</summary>
    public LinearSite Site => Module.Linear!.Value;

    /// <summary>The name of one of its tensors in the adapter's file.</summary>
    /// <param name="tensor">The tensor's own name.</param>
    public string FileName(string tensor) => $"{AdapterTensors.Prefix}{Module.Name}.{tensor}";

    /// <summary>The name of one of its tensors in training states: with the adapter's name, <c>default</c>.</summary>
    /// <inheritdoc cref="FileName"/>
    public string TrainingName(string tensor) =>
        tensor.EndsWith(".weight", StringComparison.Ordinal) ? FileName(tensor[..^".weight".Length]) + ".default.weight" : FileName(tensor) + ".default";
}
