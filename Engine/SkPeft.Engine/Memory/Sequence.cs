using SkPeft.Engine.Adapters;
using SkPeft.Tensors.Kernels;

namespace SkPeft.Engine.Memory;

/// <summary>One running text: its pages of keys and values, and how far it has come. Pages that others own too are copied before they are written.</summary>
/// <remarks>Not safe for concurrent use. Disposing it gives its pages back.</remarks>
internal sealed unsafe class Sequence : IDisposable
{
    private readonly KvPagePool _pool;
    private readonly List<KvPage> _pages = [];
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

    /// <summary>The pages in order.</summary>
    public IReadOnlyList<KvPage> PageList => _pages;

    /// <summary>Positions that the next <paramref name="ids"/> tokens take: virtual rows come first in a sequence that has not begun.</summary>
    public int RowsOf(int ids) => Started ? ids : Plan.VirtualRows + ids;

    /// <summary>Pages that <see cref="Reserve"/> would rent for <paramref name="rows"/> more positions.</summary>
    public int PagesFor(int rows) => Math.Max(0, PagesUpTo(Length + rows) - _pages.Count) + (rows > 0 && WritesIntoShared() ? 1 : 0);

    /// <summary>Makes room for <paramref name="rows"/> more positions, none of it in a page that others own.</summary>
    public void Reserve(int rows)
    {
        int needed = PagesUpTo(Length + rows);
        GrowTable(needed);
        if (rows > 0 && WritesIntoShared())
        {
            int last = Length / KvPageLayout.Positions;
            KvPage shared = _pages[last];
            KvPage own = _pool.Rent();
            shared.CopyTo(own);
            _pages[last] = own;
            Pages[last] = own.Start;
            _pool.Return(shared);
        }

        while (_pages.Count < needed)
        {
            Add(_pool.Rent());
        }
    }

    /// <summary>Begins with pages that exist already: <paramref name="length"/> positions, of which <paramref name="text"/> are text.</summary>
    public void Adopt(IReadOnlyList<KvPage> pages, int length, int text)
    {
        GrowTable(pages.Count);
        foreach (KvPage page in pages)
        {
            _pool.Share(page);
            Add(page);
        }

        (Length, TextLength, Started) = (length, text, true);
    }

    /// <summary>Counts positions as filled.</summary>
    public void Advance(int rows, int textRows)
    {
        Length += rows;
        TextLength += textRows;
    }

    /// <summary>How far it has come, to go back to when a step fails.</summary>
    public SequenceMark Mark() => new(Length, TextLength, Started);

    /// <summary>Forgets what was added since the mark; its pages stay reserved.</summary>
    public void Rewind(SequenceMark mark) => (Length, TextLength, Started) = (mark.Length, mark.TextLength, mark.Started);

    public void Dispose()
    {
        foreach (KvPage page in _pages)
        {
            _pool.Return(page);
        }

        _pages.Clear();
        _table.Dispose();
    }

    private static int PagesUpTo(int positions) => (positions + KvPageLayout.Positions - 1) / KvPageLayout.Positions;

    private bool WritesIntoShared() => Length % KvPageLayout.Positions != 0 && _pages[Length / KvPageLayout.Positions].IsShared;

    private void Add(KvPage page)
    {
        Pages[_pages.Count] = page.Start;
        _pages.Add(page);
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

/// <summary>A state of a sequence.</summary>
/// <param name="Length">Positions filled.</param>
/// <param name="TextLength">Text tokens among them.</param>
/// <param name="Started">Whether virtual rows are in front.</param>
internal readonly record struct SequenceMark(int Length, int TextLength, bool Started);
