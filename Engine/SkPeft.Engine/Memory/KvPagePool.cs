using SkPeft.Tensors.Kernels;

namespace SkPeft.Engine.Memory;

/// <summary>Hands out key/value pages up to a limit, allocated as they are needed and used again when their last owner lets go.</summary>
/// <remarks>Safe for concurrent use: statistics are read on any thread.</remarks>
internal sealed class KvPagePool(KvPageLayout layout, long maxPages = long.MaxValue) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Stack<KvPage> _free = new();
    private int _inUse;
    private bool _disposed;

    /// <summary>How a page is laid out.</summary>
    public KvPageLayout Layout { get; } = layout;

    /// <summary>The most pages there may be.</summary>
    public long MaxPages { get; } = maxPages;

    /// <summary>Pages that sequences or the prefix cache own.</summary>
    public int InUse
    {
        get
        {
            lock (_gate)
            {
                return _inUse;
            }
        }
    }

    /// <summary>Pages that can still be rented.</summary>
    public long Available => MaxPages - InUse;

    /// <summary>Bytes of all pages, used or free.</summary>
    public long Bytes
    {
        get
        {
            lock (_gate)
            {
                return (_inUse + _free.Count) * Layout.PageBytes;
            }
        }
    }

    /// <summary>A page with one owner.</summary>
    /// <exception cref="InvalidOperationException">All pages are in use; the scheduler makes room before it plans a step.</exception>
    public KvPage Rent()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_inUse >= MaxPages)
            {
                throw new InvalidOperationException($"All {MaxPages} key/value pages are in use.");
            }

            KvPage page = _free.TryPop(out KvPage? used) ? used : new KvPage(new NativeBuffer(Layout.PageBytes));
            page.Owners = 1;
            _inUse++;
            return page;
        }
    }

    /// <summary>One owner more.</summary>
    public void Share(KvPage page)
    {
        lock (_gate)
        {
            page.Owners++;
        }
    }

    /// <summary>One owner less; without owners the page can be rented again.</summary>
    public void Return(KvPage page)
    {
        lock (_gate)
        {
            if (--page.Owners > 0)
            {
                return;
            }

            _inUse--;
            if (!_disposed)
            {
                _free.Push(page);
                return;
            }
        }

        page.Free();
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            while (_free.TryPop(out KvPage? page))
            {
                page.Free();
            }
        }
    }
}
