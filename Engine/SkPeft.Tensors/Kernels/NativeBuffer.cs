using System.Runtime.InteropServices;

namespace SkPeft.Tensors.Kernels;

/// <summary>Zeroed native memory on a cache-line boundary; freed by <see cref="Dispose"/> or the finaliser.</summary>
public sealed unsafe class NativeBuffer : IDisposable
{
    private const int Alignment = 64;

    // Smaller ones mostly come from memory that was used before.
    private const long Large = 1L << 20;

    private byte* _start;

    /// <summary>Allocates.</summary>
    /// <param name="bytes">Size; 0 is allowed.</param>
    public NativeBuffer(long bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        nuint size = ((nuint)bytes + Alignment) & ~(nuint)(Alignment - 1);
        _start = (byte*)NativeMemory.AlignedAlloc(size, Alignment);
        if (bytes >= Large)
        {
            MemoryPages.Populate(_start, bytes);
        }

        NativeMemory.Clear(_start, size);
        Bytes = bytes;
        GC.AddMemoryPressure((long)size);
    }

    /// <summary>Frees what was not disposed.</summary>
    ~NativeBuffer() => Free();

    /// <summary>Size in bytes.</summary>
    public long Bytes { get; }

    /// <summary>The first byte.</summary>
    /// <exception cref="ObjectDisposedException">The memory was freed.</exception>
    public byte* Start
    {
        get
        {
            ObjectDisposedException.ThrowIf(_start == null, this);
            return _start;
        }
    }

    /// <summary>The memory as floats.</summary>
    public float* Floats => (float*)Start;

    /// <inheritdoc/>
    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        if (_start != null)
        {
            NativeMemory.AlignedFree(_start);
            _start = null;
            GC.RemoveMemoryPressure(((Bytes + Alignment) & ~(Alignment - 1L)));
        }
    }
}
