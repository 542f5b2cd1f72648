using SkPeft.Tensors.Kernels;

namespace SkPeft.Engine.Adapters;

/// <summary>
/// Arrays of one length whose pages are there. Asking the system for pages takes longer than filling them, so other threads ask for the next
/// arrays while one is filled; whoever comes to an array first makes it.
/// </summary>
internal sealed class SlabQueue
{
    private const int Makers = 2;

    private readonly Lazy<float[]>[] _slabs;
    private int _next;

    /// <summary>Begins to make arrays.</summary>
    /// <param name="count">How many.</param>
    /// <param name="length">Elements of each.</param>
    /// <param name="ready">The first of them, no more than <paramref name="count"/>, whose pages are there already.</param>
    public SlabQueue(int count, int length, IReadOnlyList<float[]> ready)
    {
        _slabs = new Lazy<float[]>[count];
        for (int i = 0; i < count; i++)
        {
            _slabs[i] = i < ready.Count ? new Lazy<float[]>(ready[i]) : new Lazy<float[]>(() => Make(length));
        }

        for (int maker = 0; maker < Math.Min(count - ready.Count, Makers); maker++)
        {
            int first = ready.Count + maker;
            _ = Task.Run(() => MakeAhead(first));
        }
    }

    /// <summary>The next array; null where all are taken.</summary>
    public float[]? Take() => _next < _slabs.Length ? _slabs[_next++].Value : null;

    /// <summary>An array whose pages are there; its contents are undefined.</summary>
    public static float[] Make(int length)
    {
        float[] array = GC.AllocateUninitializedArray<float>(length);
        MemoryPages.Populate(array);
        return array;
    }

    private void MakeAhead(int first)
    {
        for (int i = first; i < _slabs.Length; i += Makers)
        {
            _ = _slabs[i].Value;
        }
    }
}
