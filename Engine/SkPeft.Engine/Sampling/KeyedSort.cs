namespace SkPeft.Engine.Sampling;

/// <summary>
/// Sorts indices by fp32 keys in linear time, equal keys by index: a flat distribution over a whole vocabulary must not cost more than
/// the model does.
/// </summary>
/// <remarks>An entry is the key's bits, in an order that unsigned integers share, above the index.</remarks>
internal sealed class KeyedSort
{
    private const int Small = 1024;
    private const int Digit = 11;
    private const int Buckets = 1 << Digit;
    private const int Passes = 3;

    private readonly int[] _starts = new int[Passes * Buckets];
    private ulong[] _entries = [];
    private ulong[] _spare = [];
    private int _count;

    /// <summary>The index of a sorted entry.</summary>
    public static int IndexOf(ulong entry) => (int)(uint)entry;

    /// <summary>Begins a new list of at most <paramref name="room"/> entries.</summary>
    public void Clear(int room)
    {
        _count = 0;
        if (_entries.Length < room)
        {
            _entries = new ulong[room];
        }
    }

    /// <summary>Adds an index, which must be greater than all before, with its key, which must not be NaN.</summary>
    public void Add(float key, int index)
    {
        // + 0 makes the two zeros one; negative numbers are ordered backwards by their bits.
        int bits = BitConverter.SingleToInt32Bits(key + 0f);
        uint ordered = (uint)bits ^ ((uint)(bits >> 31) | 0x8000_0000u);
        _entries[_count++] = ((ulong)ordered << 32) | (uint)index;
    }

    /// <summary>The entries by rising key; valid until the next <see cref="Clear"/>.</summary>
    public ReadOnlySpan<ulong> Ascending()
    {
        Span<ulong> entries = _entries.AsSpan(0, _count);
        if (_count <= Small)
        {
            entries.Sort();
            return entries;
        }

        if (_spare.Length < _entries.Length)
        {
            _spare = new ulong[_entries.Length];
        }

        CountDigits(entries);
        for (int pass = 0; pass < Passes; pass++)
        {
            Scatter(pass);
        }

        return _entries.AsSpan(0, _count);
    }

    private static int DigitOf(ulong entry, int pass) => (int)(entry >> (32 + (pass * Digit))) & (Buckets - 1);

    private void CountDigits(ReadOnlySpan<ulong> entries)
    {
        Array.Clear(_starts);
        foreach (ulong entry in entries)
        {
            for (int pass = 0; pass < Passes; pass++)
            {
                _starts[(pass * Buckets) + DigitOf(entry, pass)]++;
            }
        }

        for (int pass = 0; pass < Passes; pass++)
        {
            int start = 0;
            foreach (ref int bucket in _starts.AsSpan(pass * Buckets, Buckets))
            {
                (bucket, start) = (start, start + bucket);
            }
        }
    }

    // Least significant digit first; each pass keeps the order of the one before, and the first that of the indices.
    private void Scatter(int pass)
    {
        Span<int> starts = _starts.AsSpan(pass * Buckets, Buckets);
        for (int i = 0; i < _count; i++)
        {
            ulong entry = _entries[i];
            _spare[starts[DigitOf(entry, pass)]++] = entry;
        }

        (_entries, _spare) = (_spare, _entries);
    }
}
