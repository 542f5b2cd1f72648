using System.Runtime.InteropServices;

namespace SkPeft.Tensors.Kernels;

/// <summary>Asks the system for memory's pages at once, where it can: one by one, at their first touch, they cost more than what is written to them.</summary>
public static unsafe partial class MemoryPages
{
    // MADV_POPULATE_WRITE, since Linux 5.14. Contents stay as they are.
    private const int PopulateForWriting = 23;

    /// <summary>Lets the whole pages of an array be there. Nothing happens where the system cannot do it.</summary>
    public static void Populate(float[] array)
    {
        ArgumentNullException.ThrowIfNull(array);
        fixed (float* first = array)
        {
            Populate((byte*)first, (long)array.Length * sizeof(float));
        }
    }

    /// <summary>Lets the whole pages of a stretch of memory be there. Nothing happens where the system cannot do it.</summary>
    internal static void Populate(byte* start, long bytes)
    {
        nint page = Environment.SystemPageSize;
        nint from = ((nint)start + page - 1) & -page, to = ((nint)start + (nint)bytes) & -page;
        if (!OperatingSystem.IsLinux() || to <= from)
        {
            return;
        }

        try
        {
            _ = Advise(from, to - from, PopulateForWriting);
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            // Then they come one by one.
        }
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(nint address, nint length, int advice);
}
