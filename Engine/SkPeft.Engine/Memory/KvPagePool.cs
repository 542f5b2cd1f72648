using SkPeft.Tensors.Kernels;

namespace SkPeft.Engine.Memory;

/// <summary>Hands out key/value pages, allocated as they are needed and used again when a sequence ends.</summary>
/// <remarks>Not safe for concurrent use: whoever runs the forward owns it.</remarks>
internal sealed unsafe class KvPagePool(KvPageLayout layout) : IDisposable
{
    private readonly Stack<NativeBuffer> _free = new();
    private bool _disposed;

    /// <summary>How a page is laid out.</summary>
    public KvPageLayout Layout { get; } = layout;

    /// <summary>Pages in use by sequences.</summary>
    public int InUse { get; private set; }

    /// <summary>Bytes of all pages, used or free.</summary>
    public long Bytes => (InUse + _free.Count) * Layout.PageBytes;

    public NativeBuffer Rent()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        InUse++;
        return _free.TryPop(out NativeBuffer? page) ? page : new NativeBuffer(Layout.PageBytes);
    }

    public void Return(NativeBuffer page)
    {
        InUse--;
        if (_disposed)
        {
            page.Dispose();
        }
        else
        {
            _free.Push(page);
        }
    }

    public void Dispose()
    {
        _disposed = true;
        while (_free.TryPop(out NativeBuffer? page))
        {
            page.Dispose();
        }
    }
}
