namespace SkPeft.Tensors.Kernels;

/// <summary>Native memory that grows to the largest request and is reused; contents are not kept.</summary>
internal sealed unsafe class Scratch : IDisposable
{
    private static long s_held;
    private NativeBuffer _buffer = new(0);

    /// <summary>Bytes that all scratch memory of the process holds now.</summary>
    public static long Held => Interlocked.Read(ref s_held);

    /// <summary>At least so many bytes, on a cache-line boundary, valid until the next call.</summary>
    public byte* Get(long bytes)
    {
        if (bytes > _buffer.Bytes)
        {
            Dispose();
            Interlocked.Add(ref s_held, bytes);
            _buffer = new NativeBuffer(bytes);
        }

        return _buffer.Start;
    }

    public void Dispose()
    {
        Interlocked.Add(ref s_held, -_buffer.Bytes);
        _buffer.Dispose();
        _buffer = new NativeBuffer(0);
    }
}
