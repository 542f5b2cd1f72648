using System.Runtime.InteropServices;

namespace SkPeft.Tensors.Threading;

/// <summary>
/// Which core a thread runs on, and a step aside. A kernel that wakes a worker likes to put it where its waker runs, and leaves both there while
/// they hand work to each other every few microseconds: they take turns on one core beside an idle one, and everything takes twice as long.
/// Nothing is pinned: the step is made once, and the kernel stays free to move the thread for anybody else's sake.
/// </summary>
internal static partial class Cores
{
    private const int MaskWords = 16; // 1024 cores
    private static readonly bool s_known = OperatingSystem.IsLinux() && HasCalls();

    /// <summary>The core that the calling thread runs on, or -1 where that cannot be told.</summary>
    public static int Current => s_known ? GetCpu() : -1;

    /// <summary>Moves the calling thread to a core that is none of these, if it may run on another.</summary>
    /// <returns>Whether it moved.</returns>
    public static bool TryLeave(ReadOnlySpan<int> taken)
    {
        if (!s_known)
        {
            return false;
        }

        Span<ulong> allowed = stackalloc ulong[MaskWords], others = stackalloc ulong[MaskWords];
        if (GetAffinity(0, MaskWords * sizeof(ulong), allowed) != 0)
        {
            return false;
        }

        allowed.CopyTo(others);
        foreach (int core in taken)
        {
            if (core >= 0 && core < MaskWords * 64)
            {
                others[core / 64] &= ~(1UL << (core % 64));
            }
        }

        // An affinity that excludes the present core moves the thread at once; the old one lets the kernel decide again.
        return !others.ContainsOnlyZeros() && SetAffinity(0, MaskWords * sizeof(ulong), others) == 0 && SetAffinity(0, MaskWords * sizeof(ulong), allowed) == 0;
    }

    private static bool HasCalls()
    {
        try
        {
            return GetCpu() >= 0 && GetAffinity(0, MaskWords * sizeof(ulong), stackalloc ulong[MaskWords]) == 0;
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            return false;
        }
    }

    private static bool ContainsOnlyZeros(this Span<ulong> mask) => mask.IndexOfAnyExcept(0UL) < 0;

    [LibraryImport("libc", EntryPoint = "sched_getcpu")]
    [SuppressGCTransition]
    private static partial int GetCpu();

    [LibraryImport("libc", EntryPoint = "sched_getaffinity")]
    private static partial int GetAffinity(int thread, nint bytes, Span<ulong> mask);

    [LibraryImport("libc", EntryPoint = "sched_setaffinity")]
    private static partial int SetAffinity(int thread, nint bytes, Span<ulong> mask);
}
