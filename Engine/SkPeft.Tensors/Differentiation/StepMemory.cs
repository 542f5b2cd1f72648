using System.Numerics;

namespace SkPeft.Tensors.Differentiation;

/// <summary>
/// Memory for the activations or the gradients of one training step, used again by the next: fresh arrays of this size would be cleared by
/// the runtime in every step, at a cost near that of a layer's arithmetic.
/// </summary>
/// <remarks>Used by one thread at a time. A tensor must not be read after its memory was given back.</remarks>
/// <param name="smallest">Elements below which a tensor is left to the garbage collector, which is cheaper then.</param>
public sealed class StepMemory(int smallest = 4096)
{
    private readonly Dictionary<int, Stack<float[]>> _free = [];

    // In the order of renting; an array that was given back leaves a hole.
    private readonly List<float[]?> _used = [];
    private readonly Dictionary<float[], int> _places = [];
    private long _inUse;

    /// <summary>Bytes held, used or free.</summary>
    public long Bytes { get; private set; }

    /// <summary>The most bytes that were in use at one time.</summary>
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

        if (length < smallest)
        {
            return new Tensor(shape);
        }

        float[] buffer = Take(SizeFor(length));
        _places.Add(buffer, _used.Count);
        _used.Add(buffer);
        _inUse += (long)buffer.Length * sizeof(float);
        PeakBytes = Math.Max(PeakBytes, _inUse);
        return Tensor.Over(buffer, 0, shape);
    }

    /// <summary>Gives a tensor's memory back; nothing happens for a tensor that was not rented here.</summary>
    public void Return(Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        if (_places.TryGetValue(tensor.Buffer, out int place))
        {
            Free(place);
        }
    }

    /// <summary>Gives back all that was rented since a mark, but for one tensor.</summary>
    /// <param name="mark">The mark.</param>
    /// <param name="kept">The tensor that stays, or null.</param>
    public void ReleaseSince(int mark, Tensor? kept)
    {
        for (int place = mark; place < _used.Count; place++)
        {
            if (_used[place] is { } buffer && !ReferenceEquals(buffer, kept?.Buffer))
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

    // Eight sizes for each power of two: batches differ in length from step to step, and their tensors must fit each other's memory.
    private static int SizeFor(int length)
    {
        int step = Math.Max(1, (int)(BitOperations.RoundUpToPowerOf2((uint)length) / 16));
        return checked((length + step - 1) / step * step);
    }

    private void Free(int place)
    {
        float[] buffer = _used[place]!;
        _used[place] = null;
        _places.Remove(buffer);
        _inUse -= (long)buffer.Length * sizeof(float);
        Stack(buffer.Length).Push(buffer);
    }

    private float[] Take(int size)
    {
        if (Stack(size).TryPop(out float[]? buffer))
        {
            return buffer;
        }

        Bytes += (long)size * sizeof(float);
        return GC.AllocateUninitializedArray<float>(size);
    }

    private Stack<float[]> Stack(int size)
    {
        if (!_free.TryGetValue(size, out Stack<float[]>? stack))
        {
            _free.Add(size, stack = new Stack<float[]>());
        }

        return stack;
    }
}
