using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace SkPeft.Tensors.Kernels;

/// <summary>
/// Asks for weights before they are needed. With one column a panel is read once and at the speed of memory; the CPU's own
/// prefetcher stops at every 4 KB page, this does not.
/// </summary>
internal static unsafe class Prefetch
{
    private const int Distance = 4096;

    /// <summary>Fetches what lies a fixed distance beyond <paramref name="at"/>; past the end of memory it does nothing.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Beyond(byte* at)
    {
        if (Sse.IsSupported)
        {
            Sse.Prefetch0(at + Distance);
        }
    }

    /// <summary>Fetches a block of memory.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Block(byte* at, int bytes)
    {
        for (byte* end = at + bytes; at < end; at += 64)
        {
            Line(at);
        }
    }

    /// <summary>Fetches the cache line of <paramref name="at"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Line(void* at)
    {
        if (Sse.IsSupported)
        {
            Sse.Prefetch0(at);
        }
    }
}
