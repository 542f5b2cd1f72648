using SkPeft.Tensors.Kernels;

namespace SkPeft.Engine.Memory;

/// <summary>Hands out key/value pages, allocated as they are needed and used again when a sequence ends.</summary>
/// <remarks>Safe for concurrent use: a request may end on any thread while the engine takes pages for another.</remarks>
internal sealed class KvPagePool(KvPageLayout layout) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Stack<NativeBuffer> _free = new();
    private int _inUse;
    private bool _disposed;

    /// <summary>How a page is laid out.</summary>
    public KvPageLayout Layout { get; } = layout;

    /// <summary>Pages in use by sequences.</summary>
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

    public NativeBuffer Rent()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            NativeBuffer page = _free.TryPop(out NativeBuffer? used) ? used : new NativeBuffer(Layout.PageBytes);
            _inUse++;
            return page;
        }
    }

    public void Return(NativeBuffer page)
    {
        lock (_gate)
        {
            _inUse--;
            if (!_disposed)
            {
                _free.Push(page);
                return;
            }
        }

        page.Dispose();
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            while (_free.TryPop(out NativeBuffer? page))
            {
                page.Dispose();
            }
        }
    }
}
