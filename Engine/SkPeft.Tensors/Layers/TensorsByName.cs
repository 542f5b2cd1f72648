namespace SkPeft.Tensors.Layers;

/// <summary>The tensors of one layer and those that it shares with others, by name.</summary>
/// <param name="own">The layer's, by the name of their <see cref="LayerTensor"/>.</param>
/// <param name="shared">The shared ones, by their name in the file.</param>
public sealed class TensorsByName(IReadOnlyDictionary<string, Tensor> own, IReadOnlyDictionary<string, Tensor> shared)
{
    /// <summary>A tensor; there must be one.</summary>
    public Tensor this[string name] => own.TryGetValue(name, out Tensor? tensor) ? tensor : shared[name];

    /// <summary>Whether there is a tensor of this name.</summary>
    public bool Has(string name) => own.ContainsKey(name) || shared.ContainsKey(name);
}
