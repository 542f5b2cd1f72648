using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace SkPeft.Host.Benchmarks;

/// <summary>What the process itself occupies, without files that are mapped into it.</summary>
internal static class ProcessMemory
{
    private const string Status = "/proc/self/status";
    private const string Anonymous = "RssAnon:";

    /// <summary>Bytes of memory of its own, once everything that nobody needs any more was given back to the system.</summary>
    public static long Measure()
    {
        // Twice: finalisers of the first let go of more.
        for (int i = 0; i < 2; i++)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
        }

        GiveBack();
        return Read();
    }

    // Memory that was freed stays with the C library's allocator otherwise, and the next that asks gets it: nothing would seem to grow.
    private static void GiveBack()
    {
        if (OperatingSystem.IsLinux() && NativeLibrary.TryLoad("libc.so.6", out nint library) && NativeLibrary.TryGetExport(library, "malloc_trim", out _))
        {
            _ = Trim(0);
        }
    }

    [DllImport("libc.so.6", EntryPoint = "malloc_trim")]
    private static extern int Trim(nuint pad);

    private static long Read()
    {
        if (OperatingSystem.IsLinux())
        {
            string line = File.ReadLines(Status).First(l => l.StartsWith(Anonymous, StringComparison.Ordinal));
            return 1024 * long.Parse(line[Anonymous.Length..].Replace("kB", "", StringComparison.Ordinal).Trim(), CultureInfo.InvariantCulture);
        }

        using Process process = Process.GetCurrentProcess();
        return process.PrivateMemorySize64;
    }
}
