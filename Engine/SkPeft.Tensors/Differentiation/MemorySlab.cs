namespace SkPeft.Tensors.Differentiation;

/// <summary>One array of which stretches are lent. Free neighbours grow together, so that what one batch cut up serves another of other lengths.</summary>
/// <param name="length">Elements of the array.</param>
internal sealed class MemorySlab(int length)
{
    // Start and length of the free stretches; no two touch.
    private readonly SortedList<int, int> _free = new() { [0] = length };

    /// <summary>The array; its contents are undefined at first.</summary>
    public float[] Buffer { get; } = GC.AllocateUninitializedArray<float>(length);

    /// <summary>Takes the smallest free stretch that is long enough, or its beginning.</summary>
    /// <param name="count">Elements, at least 1.</param>
    /// <param name="offset">Where it begins.</param>
    public bool TryTake(int count, out int offset)
    {
        int best = -1;
        for (int i = 0; i < _free.Count; i++)
        {
            int room = _free.GetValueAtIndex(i);
            if (room >= count && (best < 0 || room < _free.GetValueAtIndex(best)))
            {
                best = i;
            }
        }

        if (best < 0)
        {
            offset = 0;
            return false;
        }

        offset = _free.GetKeyAtIndex(best);
        int left = _free.GetValueAtIndex(best) - count;
        _free.RemoveAt(best);
        if (left > 0)
        {
            _free.Add(offset + count, left);
        }

        return true;
    }

    /// <summary>Takes a stretch back.</summary>
    public void Return(int offset, int count)
    {
        _free.Add(offset, count);
        int at = _free.IndexOfKey(offset);
        Join(at);
        Join(at - 1);
    }

    // With the stretch behind it, where the two touch.
    private void Join(int at)
    {
        if (at < 0 || at + 1 >= _free.Count || _free.GetKeyAtIndex(at) + _free.GetValueAtIndex(at) != _free.GetKeyAtIndex(at + 1))
        {
            return;
        }

        _free.SetValueAtIndex(at, _free.GetValueAtIndex(at) + _free.GetValueAtIndex(at + 1));
        _free.RemoveAt(at + 1);
    }
}
