namespace SkPeft.Engine.Models.Saving;

/// <summary>The rows of a model that lies in memory, for instance one that was just trained.</summary>
public sealed class MemoryRows : IModelRows
{
    private readonly IReadOnlyDictionary<string, ReadOnlyMemory<float>> _tensors;

    /// <summary>Checks that every tensor is there, and no other.</summary>
    /// <param name="sizes">The model's sizes.</param>
    /// <param name="tensors">Row-major numbers under Hugging Face's names, in its order; not copied.</param>
    /// <exception cref="ArgumentException">A tensor is missing, superfluous, or has another number of elements.</exception>
    public MemoryRows(ModelSizes sizes, IReadOnlyDictionary<string, ReadOnlyMemory<float>> tensors)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        HashSet<string> known = new(StringComparer.Ordinal);
        foreach (LlamaTensor tensor in LlamaTensor.ListOf(sizes))
        {
            known.Add(tensor.Name);
            long expected = tensor.Shape.Aggregate(1L, (a, b) => a * b);
            if (!tensors.TryGetValue(tensor.Name, out ReadOnlyMemory<float> values) || values.Length != expected)
            {
                string shape = string.Join(", ", tensor.Shape);
                throw new ArgumentException($"Tensor '{tensor.Name}' has {values.Length} numbers, [{shape}] has {expected}.", nameof(tensors));
            }
        }

        _tensors = tensors.Keys.FirstOrDefault(name => !known.Contains(name)) is { } other
            ? throw new ArgumentException($"A model of these sizes has no tensor '{other}'.", nameof(tensors))
            : tensors;
    }

    /// <inheritdoc/>
    public void Read(string name, long row, Span<float> to) => _tensors[name].Span.Slice(checked((int)(row * to.Length)), to.Length).CopyTo(to);
}
