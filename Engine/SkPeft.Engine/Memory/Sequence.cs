using SkPeft.Engine.Adapters;
using SkPeft.Tensors.Kernels;

namespace SkPeft.Engine.Memory;

/// <summary>One running text: its pages of keys and values, and how far it has come.</summary>
/// <remarks>Not safe for concurrent use. Disposing it gives its pages back.</remarks>
internal sealed unsafe class Sequence : IDisposable
{
    private readonly KvPagePool _pool;
    private readonly List<NativeBuffer> _pages = [];
    private NativeBuffer _table = new(16 * sizeof(byte*));
    private int _tableRoom = 16;

    public Sequence(KvPagePool pool, EffectPlan plan)
    {
        _pool = pool;
        Plan = plan;
    }

    /// <summary>The adapter's effects.</summary>
    public EffectPlan Plan { get; }

    /// <summary>Cache positions filled: prefix rows, soft tokens and text.</summary>
    public int Length { get; private set; }

    /// <summary>Text tokens among them.</summary>
    public int TextLength { get; private set; }

    /// <summary>Whether static prefixes and soft tokens were already put in front.</summary>
    public bool Started { get; set; }

    /// <summary>Page pointers; entry p holds positions 16·p … 16·p + 15.</summary>
    public byte** Pages => (byte**)_table.Start;

    /// <summary>Makes room for <paramref name="rows"/> more positions.</summary>
    public void Reserve(int rows)
    {
        int needed = (Length + rows + KvPageLayout.Positions - 1) / KvPageLayout.Positions;
        GrowTable(needed);
        while (_pages.Count < needed)
        {
            NativeBuffer page = _pool.Rent();
            Pages[_pages.Count] = page.Start;
            _pages.Add(page);
        }
    }

    /// <summary>Counts positions as filled.</summary>
    public void Advance(int rows, int textRows)
    {
        Length += rows;
        TextLength += textRows;
    }

    public void Dispose()
    {
        foreach (NativeBuffer page in _pages)
        {
            _pool.Return(page);
        }

        _pages.Clear();
        _table.Dispose();
    }

    private void GrowTable(int needed)
    {
        if (needed <= _tableRoom)
        {
            return;
        }

        int room = Math.Max(needed, _tableRoom * 2);
        NativeBuffer larger = new((long)room * sizeof(byte*));
        Buffer.MemoryCopy(_table.Start, larger.Start, larger.Bytes, (long)_pages.Count * sizeof(byte*));
        _table.Dispose();
        _table = larger;
        _tableRoom = room;
    }
}
