namespace SkPeft.Tensors.Differentiation;

/// <summary>
/// Memory for the activations and gradients of one training step, used again by the next: fresh arrays of this size would be cleared by the
/// runtime for every step, at a cost near that of a layer's arithmetic.
/// </summary>
/// <remarks>Used by one thread at a time. Tensors of a step must not be read after <see cref="Recycle"/>.</remarks>
public sealed class StepMemory
{
    // Below this many elements the collector is cheaper.
    private const int Smallest = 4096;

    private readonly SortedDictionary<int, Stack<float[]>> _free = [];
    private readonly List<float[]> _used = [];

    /// <summary>Bytes held, used or free.</summary>
    public long Bytes { get; private set; }

    /// <summary>Takes memory. Its contents are undefined, unless it is small.</summary>
    /// <param name="shape">The extents.</param>
    public Tensor Rent(params ReadOnlySpan<int> shape)
    {
        int length = 1;
        foreach (int extent in shape)
        {
            length = checked(length * extent);
        }

        if (length < Smallest)
        {
            return new Tensor(shape);
        }

        float[] buffer = Take(SizeFor(length));
        _used.Add(buffer);
        return Tensor.Over(buffer, 0, shape);
    }

    /// <summary>Ends a step: all memory is free again.</summary>
    public void Recycle()
    {
        foreach (float[] buffer in _used)
        {
            Stack(buffer.Length).Push(buffer);
        }

        _used.Clear();
    }

    // Eight sizes for each power of two: batches differ in length from step to step, and their tensors must fit each other's memory.
    private static int SizeFor(int length)
    {
        int step = Math.Max(1, (int)(System.Numerics.BitOperations.RoundUpToPowerOf2((uint)length) / 16));
        return checked((length + step - 1) / step * step);
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
