namespace SkPeft.Tensors.Kernels;

/// <summary>Native memory that grows to the largest request and is reused; contents are not kept.</summary>
internal sealed unsafe class Scratch : IDisposable
{
    private NativeBuffer _buffer = new(0);

    /// <summary>At least so many bytes, on a cache-line boundary, valid until the next call.</summary>
    public byte* Get(long bytes)
    {
        if (bytes > _buffer.Bytes)
        {
            _buffer.Dispose();
            _buffer = new NativeBuffer(bytes);
        }

        return _buffer.Start;
    }

    public void Dispose() => _buffer.Dispose();
}
