namespace SkPeft.Tensors.Differentiation;

/// <summary>
/// Memory for the activations or the gradients of one training step, used again by the next: fresh arrays of this size would be cleared by
/// the runtime in every step, at a cost near that of a layer's arithmetic.
/// </summary>
/// <remarks>
/// Tensors are cut out of a few large arrays: batches differ in length from step to step, and what was held for one must serve all others.
/// Used by one thread at a time. A tensor must not be read after its memory was given back.
/// </remarks>
/// <param name="smallest">Elements below which a tensor is left to the garbage collector, which is cheaper then.</param>
public sealed class StepMemory(int smallest = 4096)
{
    // Elements of an array, but for a tensor that needs a longer one: much more than most tensors, so that little is lost at its end, and
    // growing with what is held, so that a small model takes little.
    private const int ShortestSlab = 1 << 18;
    private const int LongestSlab = 1 << 22;

    private readonly List<MemorySlab> _slabs = [];

    // In the order of renting; what was given back leaves a hole.
    private readonly List<Loan?> _used = [];
    private readonly Dictionary<(float[] Buffer, int Offset), int> _places = [];

    /// <summary>Bytes held, used or free.</summary>
    public long Bytes { get; private set; }

    /// <summary>Bytes that are lent now.</summary>
    public long InUseBytes { get; private set; }

    /// <summary>The most bytes that were lent at one time.</summary>
    public long PeakBytes { get; private set; }

    /// <summary>A mark for <see cref="ReleaseSince"/>: everything rented so far.</summary>
    public int Mark => _used.Count;

    /// <summary>Takes memory. Its contents are undefined.</summary>
    /// <param name="shape">The extents.</param>
    public Tensor Rent(params ReadOnlySpan<int> shape)
    {
        int length = 1;
        foreach (int extent in shape)
        {
            length = checked(length * extent);
        }

        if (length < Math.Max(1, smallest))
        {
            return new Tensor(shape);
        }

        Loan loan = Take(length);
        _places.Add((loan.Slab.Buffer, loan.Offset), _used.Count);
        _used.Add(loan);
        InUseBytes += (long)length * sizeof(float);
        PeakBytes = Math.Max(PeakBytes, InUseBytes);
        return Tensor.Over(loan.Slab.Buffer, loan.Offset, shape);
    }

    /// <summary>Gives a tensor's memory back; nothing happens for a tensor that was not rented here.</summary>
    public void Return(Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        if (_places.TryGetValue((tensor.Buffer, tensor.Offset), out int place))
        {
            Free(place);
        }
    }

    /// <summary>Gives back all that was rented since a mark, but for one tensor.</summary>
    /// <param name="mark">The mark.</param>
    /// <param name="kept">The tensor that stays, or null; a view keeps all of what it was cut from.</param>
    public void ReleaseSince(int mark, Tensor? kept)
    {
        for (int place = mark; place < _used.Count; place++)
        {
            if (_used[place] is { } loan && !(kept is not null && loan.Holds(kept)))
            {
                Free(place);
            }
        }

        while (_used.Count > mark && _used[^1] is null)
        {
            _used.RemoveAt(_used.Count - 1);
        }
    }

    /// <summary>Ends a step: all memory is free again.</summary>
    public void Recycle() => ReleaseSince(0, null);

    private void Free(int place)
    {
        Loan loan = _used[place]!.Value;
        _used[place] = null;
        _places.Remove((loan.Slab.Buffer, loan.Offset));
        InUseBytes -= (long)loan.Length * sizeof(float);
        loan.Slab.Return(loan.Offset, loan.Length);
    }

    private Loan Take(int length)
    {
        foreach (MemorySlab slab in _slabs)
        {
            if (slab.TryTake(length, out int offset))
            {
                return new Loan(slab, offset, length);
            }
        }

        MemorySlab added = new(Math.Max(length, (int)Math.Clamp(Bytes / sizeof(float), ShortestSlab, LongestSlab)));
        _slabs.Add(added);
        Bytes += (long)added.Buffer.Length * sizeof(float);
        added.TryTake(length, out int first);
        return new Loan(added, first, length);
    }

    private readonly record struct Loan(MemorySlab Slab, int Offset, int Length)
    {
        public bool Holds(Tensor tensor) => ReferenceEquals(Slab.Buffer, tensor.Buffer) && tensor.Offset >= Offset && tensor.Offset < Offset + Length;
    }
}
