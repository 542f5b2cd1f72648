using System.Runtime.InteropServices;

namespace SkPeft.Tensors.Formats;

/// <summary>Tells the operating system which mapped pages are wanted, and which no longer. Only ever a hint: what is read without it faults in page by page.</summary>
internal static partial class PageAdvice
{
    private const int DontNeed = 4; // MADV_DONTNEED on Linux; for a read-only file mapping it drops pages and loses nothing.

    private const int PopulateRead = 22; // MADV_POPULATE_READ, since Linux 5.14

    private const int PopulateWrite = 23; // MADV_POPULATE_WRITE, since Linux 5.14; contents stay as they are.

    public static unsafe void Discard(byte* start, long length) => Give(start, length, DontNeed);

    public static unsafe void Populate(byte* start, long length) => Give(start, length, PopulateRead);

    public static unsafe void PopulateForWriting(byte* start, long length) => Give(start, length, PopulateWrite);

    private static unsafe void Give(byte* start, long length, int advice)
    {
        if (!OperatingSystem.IsLinux() || length <= 0)
        {
            return;
        }

        // Widening to whole pages is safe: neighbours that were discarded are read from the page cache when they are touched again.
        nint page = Environment.SystemPageSize;
        nint from = (nint)start / page * page;
        try
        {
            _ = Advise(from, (nint)start + (nint)length - from, advice);
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            // No libc under this name: it was a hint.
        }
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(nint address, nint length, int advice);
}
