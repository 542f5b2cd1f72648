using System.Numerics.Tensors;

namespace SkPeft.Tensors.Differentiation;

/// <summary>
/// Reverse-mode differentiation: walks the graph of a result back to its parameters and sums the gradients that meet at a tensor.
/// </summary>
/// <remarks>
/// Sums are formed in an order that depends on the graph only, so the same computation gives the same bits. A gradient that is handed on is
/// shared, not copied, until something is added to it. Gradients of intermediate results are given back as soon as they have been used.
/// </remarks>
public sealed class Gradients
{
    private readonly Dictionary<Derivation, Entry> _entries = [];
    private readonly PriorityQueue<Operation, long> _waiting = new();
    private readonly StepMemory? _memory;
    private bool _lent;

    private Gradients(StepMemory? memory) => _memory = memory;

    /// <summary>Computes the gradients of a scalar with respect to every parameter that it depends on.</summary>
    /// <param name="loss">One element.</param>
    /// <param name="memory">Where large gradients are kept; null: the garbage collector's heap.</param>
    /// <exception cref="ArgumentException">It has several elements, or is a constant.</exception>
    public static Gradients Of(Tensor loss, StepMemory? memory = null)
    {
        ArgumentNullException.ThrowIfNull(loss);
        if (loss.Length != 1)
        {
            throw new ArgumentException($"Gradients are taken of one number, this tensor has shape {loss.ShapeText}.", nameof(loss));
        }

        Tensor one = new(loss.Shape);
        one.Data[0] = 1;
        return Of(loss, one, memory);
    }

    /// <summary>Computes the gradients of Σ seed ⊙ result.</summary>
    /// <param name="result">Any shape; not a constant.</param>
    /// <param name="seed">The same shape.</param>
    /// <param name="memory">Where large gradients are kept; null: the garbage collector's heap.</param>
    /// <exception cref="ArgumentException">The shapes differ, or the result is a constant.</exception>
    public static Gradients Of(Tensor result, Tensor seed, StepMemory? memory = null)
    {
        ArgumentNullException.ThrowIfNull(result);
        ArgumentNullException.ThrowIfNull(seed);
        if (!result.NeedsGradient)
        {
            throw new ArgumentException("The result depends on no parameter: it has no gradient.", nameof(result));
        }

        if (!result.Shape.SequenceEqual(seed.Shape))
        {
            throw new ArgumentException($"The seed has shape {seed.ShapeText}, the result {result.ShapeText}.", nameof(seed));
        }

        Gradients gradients = new(memory);
        gradients.Add(result, seed, owned: false);
        gradients.WalkDownTo(long.MinValue);
        return gradients;
    }

    /// <summary>The gradient of a parameter, of its shape, or null where the result does not depend on it.</summary>
    public Tensor? this[Tensor parameter] =>
        parameter.Derivation is { } node && _entries.TryGetValue(node, out Entry? entry) ? entry.Value : null;

    /// <summary>Adds to the gradient of an input; nothing happens for a constant.</summary>
    /// <param name="input">The input.</param>
    /// <param name="gradient">Its shape.</param>
    /// <param name="owned">
    /// True where nobody else will read or write the tensor: sums may be formed in it. False for a gradient that is passed on, or a view of it.
    /// </param>
    public void Add(Tensor input, Tensor gradient, bool owned = true)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(gradient);
        if (input.Derivation is not { } node)
        {
            return;
        }

        if (!_entries.TryGetValue(node, out Entry? entry))
        {
            _lent |= !owned;
            Enter(node, new Entry(gradient, owned));
            return;
        }

        Own(entry);
        TensorPrimitives.Add(entry.Value.Data, gradient.Data, entry.Value.Data);
        if (owned)
        {
            _memory?.Return(gradient);
        }
    }

    /// <summary>The gradient of an input so far, to be added to in place: zeros at first. Not for constants.</summary>
    public Tensor Buffer(Tensor input)
    {
        Tensor sum = Target(input, out bool adds);
        if (!adds)
        {
            sum.Data.Clear();
        }

        return sum;
    }

    /// <summary>Where the gradient of an input is formed, for whoever can as well overwrite as add. Not for constants.</summary>
    /// <param name="input">The input.</param>
    /// <param name="adds">True: there is a gradient already, which must be added to. False: the contents are undefined and must be overwritten, all of them.</param>
    public Tensor Target(Tensor input, out bool adds)
    {
        ArgumentNullException.ThrowIfNull(input);
        Derivation node = input.Derivation ?? throw new ArgumentException("A constant has no gradient.", nameof(input));
        adds = _entries.TryGetValue(node, out Entry? entry);
        if (entry is null)
        {
            entry = new Entry(Rent(input.Shape), true);
            Enter(node, entry);
        }

        Own(entry);
        return entry.Value;
    }

    /// <summary>Memory for a gradient; its contents are undefined.</summary>
    public Tensor Rent(params ReadOnlySpan<int> shape) => _memory?.Rent(shape) ?? new Tensor(shape);

    /// <summary>Gives memory back that <see cref="Rent"/> gave and nobody has.</summary>
    public void Return(Tensor tensor) => _memory?.Return(tensor);

    /// <summary>
    /// Finishes all nodes that came after a place. For operations that compute a stretch of the graph again: they add the gradient of its
    /// result, walk down to their own place, and may then forget the stretch.
    /// </summary>
    /// <param name="order">The place; see <see cref="Derivation.Order"/>.</param>
    public void WalkDownTo(long order)
    {
        // All that uses a node has a larger number, so its gradient is complete when its turn comes.
        while (_waiting.TryPeek(out Operation? operation, out _) && operation.Order > order)
        {
            _waiting.Dequeue();
            Entry entry = _entries[operation];
            bool outer = _lent;
            _lent = false;
            operation.Backward(entry.Value, this);
            _entries.Remove(operation);
            if (entry.Owned && !_lent)
            {
                _memory?.Return(entry.Value);
            }

            _lent = outer;
        }
    }

    private void Enter(Derivation node, Entry entry)
    {
        _entries.Add(node, entry);
        if (node is Operation operation)
        {
            _waiting.Enqueue(operation, -node.Order);
        }
    }

    private void Own(Entry entry)
    {
        if (!entry.Owned)
        {
            Tensor copy = Rent(entry.Value.Shape);
            entry.Value.Data.CopyTo(copy.Data);
            entry.Value = copy;
            entry.Owned = true;
        }
    }

    private sealed class Entry(Tensor value, bool owned)
    {
        public Tensor Value { get; set; } = value;

        public bool Owned { get; set; } = owned;
    }
}
