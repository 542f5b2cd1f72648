using System.Numerics;

namespace SkPeft.Engine.Tokenization.Bpe;

/// <summary>
/// Which pairs of tokens become which token, and in what order. A hash table with open addressing: it is asked several times
/// for every character of a text.
/// </summary>
internal sealed class MergeTable
{
    // No pair of ids is this: ids are not negative.
    private const ulong Empty = ulong.MaxValue;

    private ulong[] _keys;
    private (int Rank, int Result)[] _values;

    public MergeTable(int capacity = 0)
    {
        int size = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(16, Math.Min(capacity, 1 << 28) * 2L));
        _keys = new ulong[size];
        _values = new (int, int)[size];
        Array.Fill(_keys, Empty);
    }

    public int Count { get; private set; }

    /// <summary>States a merge; a pair stated twice takes the later rank, as in the reference.</summary>
    public void Set(int left, int right, int rank, int result)
    {
        if (Count * 2 >= _keys.Length)
        {
            Grow();
        }

        ulong key = Key(left, right);
        int slot = SlotOf(key);
        Count += _keys[slot] == Empty ? 1 : 0;
        _keys[slot] = key;
        _values[slot] = (rank, result);
    }

    public bool TryGet(int left, int right, out int rank, out int result)
    {
        ulong key = Key(left, right);
        int slot = SlotOf(key);
        (rank, result) = _values[slot];
        return _keys[slot] == key;
    }

    /// <summary>All merges, best rank first.</summary>
    public IEnumerable<(int Left, int Right, int Rank)> InOrder() => _keys
        .Select((key, slot) => (Key: key, Slot: slot))
        .Where(k => k.Key != Empty)
        .Select(k => (Left: (int)(k.Key >> 32), Right: (int)(uint)k.Key, _values[k.Slot].Rank))
        .OrderBy(m => m.Rank).ThenBy(m => m.Left).ThenBy(m => m.Right);

    private int SlotOf(ulong key)
    {
        ulong[] keys = _keys;
        int mask = keys.Length - 1;
        int slot = (int)((key * 0x9E3779B97F4A7C15) >> 32) & mask;
        while (keys[slot] != key && keys[slot] != Empty)
        {
            slot = (slot + 1) & mask;
        }

        return slot;
    }

    private void Grow()
    {
        MergeTable larger = new(_keys.Length);
        for (int slot = 0; slot < _keys.Length; slot++)
        {
            if (_keys[slot] != Empty)
            {
                int to = larger.SlotOf(_keys[slot]);
                larger._keys[to] = _keys[slot];
                larger._values[to] = _values[slot];
            }
        }

        (_keys, _values) = (larger._keys, larger._values);
    }

    private static ulong Key(int left, int right) => ((ulong)(uint)left << 32) | (uint)right;
}
