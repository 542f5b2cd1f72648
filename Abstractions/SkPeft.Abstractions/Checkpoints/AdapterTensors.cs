namespace SkPeft;

/// <summary>Takes an adapter's tensors one by one, with the shape that each must have; what is left over at the end is an error.</summary>
/// <param name="package">The adapter.</param>
public sealed class AdapterTensors(AdapterPackage package)
{
    /// <summary>What HF PEFT puts in front of the module names of the wrapped model.</summary>
    public const string Prefix = "base_model.model.";

    private readonly HashSet<string> _left = new(package.Tensors.Keys, StringComparer.Ordinal);

    /// <summary>The names that nobody took yet.</summary>
    public IReadOnlyCollection<string> Left => _left;

    /// <summary>True where the file has a tensor of this name.</summary>
    public bool Has(string name) => package.Tensors.ContainsKey(name);

    /// <summary>Takes a tensor.</summary>
    /// <param name="name">The name in the file.</param>
    /// <param name="shape">The shape that it must have; -1 where any extent is fine.</param>
    /// <exception cref="AdapterShapeException">It is missing or has another shape, or a value is not finite.</exception>
    public Tensor Take(string name, params ReadOnlySpan<int> shape)
    {
        string expected = $"[{string.Join(", ", shape.ToArray().Select(e => e < 0 ? "any" : e.ToString(System.Globalization.CultureInfo.InvariantCulture)))}]";
        if (!package.Tensors.TryGetValue(name, out Tensor? tensor))
        {
            string near = Nearest(name) is { } other ? $"The file has '{other}'." : "The file has no similar name.";
            throw new AdapterShapeException(package.Name, name, "missing", expected, near);
        }

        bool fits = tensor.Rank == shape.Length;
        for (int axis = 0; fits && axis < shape.Length; axis++)
        {
            fits = shape[axis] < 0 || shape[axis] == tensor[axis];
        }

        if (!fits)
        {
            throw new AdapterShapeException(package.Name, name, tensor.ShapeText, expected, "Was this adapter trained on another base model?");
        }

        foreach (float value in tensor.Data)
        {
            if (!float.IsFinite(value))
            {
                throw new AdapterShapeException(package.Name, name, $"a tensor with a value of {value}", "finite values", "The training run diverged, or the file is damaged.");
            }
        }

        _left.Remove(name);
        return tensor;
    }

    /// <summary>Ends reading.</summary>
    /// <exception cref="AdapterShapeException">Tensors are left over.</exception>
    public void Finish()
    {
        if (_left.Count > 0)
        {
            string names = string.Join(", ", _left.Order(StringComparer.Ordinal).Take(4));
            string more = _left.Count > 4 ? $" and {_left.Count - 4} more" : "";
            throw new AdapterShapeException(package.Name, names + more, "in the file", "nothing by that name",
                "Its configuration does not explain it; leaving it out would serve another function than the one trained.");
        }
    }

    private string? Nearest(string name)
    {
        string tail = name[(name.LastIndexOf('.') + 1)..];
        return package.Tensors.Keys.Where(k => k.EndsWith(tail, StringComparison.Ordinal)).Order(StringComparer.Ordinal).FirstOrDefault()
            ?? package.Tensors.Keys.Order(StringComparer.Ordinal).FirstOrDefault();
    }
}
