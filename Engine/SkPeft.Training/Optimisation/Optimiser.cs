namespace SkPeft.Training.Optimisation;

/// <summary>The rule by which a gradient changes a parameter, and what it remembers between steps.</summary>
/// <remarks>
/// Elements are computed one by one in a fixed order: the same gradients give the same bits. A parameter without a gradient is left out of a
/// step altogether, as in PyTorch: it does not decay, and its own count of steps stands still.
/// </remarks>
internal abstract class Optimiser
{
    private readonly SortedDictionary<string, Tensor> _slots = new(StringComparer.Ordinal);
    private float[] _scratch = [];

    /// <summary>Changes the elements of a parameter.</summary>
    /// <param name="parameter">The parameter.</param>
    /// <param name="gradient">Its gradient, as many elements.</param>
    /// <param name="rate">The learning rate of this step.</param>
    /// <param name="decay">The weight decay; 0 for none.</param>
    public abstract void Step(TrainingParameter parameter, ReadOnlySpan<float> gradient, double rate, double decay);

    /// <summary>What it remembers: <c>parameter/slot</c> → values.</summary>
    public IReadOnlyDictionary<string, Tensor> State => _slots;

    /// <summary>Bytes that it will hold for parameters of these shapes.</summary>
    public abstract long BytesFor(IEnumerable<TrainingParameter> parameters);

    /// <summary>Takes back what <see cref="State"/> gave.</summary>
    public void Restore(IReadOnlyDictionary<string, Tensor> state)
    {
        _slots.Clear();
        foreach ((string name, Tensor value) in state)
        {
            _slots.Add(name, Tensor.From(value.Data, value.Shape));
        }
    }

    /// <summary>The memory of a parameter under a name of the rule's own: zeros at first.</summary>
    protected Tensor Slot(TrainingParameter parameter, string slot, params ReadOnlySpan<int> shape)
    {
        string name = $"{parameter.Name}/{slot}";
        if (!_slots.TryGetValue(name, out Tensor? value))
        {
            _slots.Add(name, value = new Tensor(shape));
        }

        return value;
    }

    /// <summary>Memory for one parameter's change, the same in every step: large arrays that come and go would pile up. Its contents are undefined.</summary>
    protected Span<float> Scratch(int length)
    {
        if (_scratch.Length < length)
        {
            _scratch = new float[length];
        }

        return _scratch.AsSpan(0, length);
    }

    /// <summary>Bytes of <see cref="Scratch"/> for the largest of these parameters.</summary>
    protected static long ScratchBytes(IEnumerable<TrainingParameter> parameters) => parameters.Select(p => (long)p.Value.Length).DefaultIfEmpty().Max() * sizeof(float);

    /// <summary>Counts a step of the parameter; 1 for the first.</summary>
    protected int Count(TrainingParameter parameter) => (int)(Slot(parameter, "step", 1).Data[0] += 1);
}
