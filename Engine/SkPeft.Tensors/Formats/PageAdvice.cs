using System.Runtime.InteropServices;

namespace SkPeft.Tensors.Formats;

/// <summary>Tells the operating system that mapped pages are no longer needed. Only ever a hint: reading them again faults them in again.</summary>
internal static partial class PageAdvice
{
    private const int DontNeed = 4; // MADV_DONTNEED on Linux; for a read-only file mapping it drops pages and loses nothing.

    public static unsafe void Discard(byte* start, long length)
    {
        if (!OperatingSystem.IsLinux() || length <= 0)
        {
            return;
        }

        // Widening to whole pages is safe: neighbours are read from the page cache when they are touched again.
        nint page = Environment.SystemPageSize;
        nint from = (nint)start / page * page;
        try
        {
            _ = Advise(from, (nint)start + (nint)length - from, DontNeed);
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            // No libc under this name: the pages stay, which costs memory and nothing else.
        }
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(nint address, nint length, int advice);
}
