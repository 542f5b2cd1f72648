using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace SkPeft.Tensors.Kernels;

/// <summary>Asks for memory before it is needed.</summary>
internal static unsafe class Prefetch
{
    /// <summary>
    /// How far ahead of weights that are read once, in order, the first line of a 4 KB page is fetched. The CPU's own prefetcher reads on
    /// within a page but stops at its end; where the next one lies must be looked up and its first line be waited for. With both done in
    /// time a column of weights is read at the speed of memory, half as fast again as with every line fetched by an instruction.
    /// </summary>
    public const int PagesAhead = 2 * PageBytes;

    /// <summary>Bytes of a page.</summary>
    public const int PageBytes = 4096;

    /// <summary>
    /// Bytes ahead that every line is fetched on CPUs without AVX-512. They are older, and their prefetchers do not keep up within a page either:
    /// lines are half as fast again there as pages (AMD EPYC, family 25), and the other way round on their successors.
    /// </summary>
    private const int LinesAhead = 3072;

    /// <summary>Fetches what lies ahead of a block of weights that are read once, in order; past the end of memory it does nothing.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Ahead(byte* at, int bytes)
    {
        if (Avx512F.IsSupported)
        {
            Line(PageOf(at + PagesAhead));
        }
        else
        {
            Block(at + LinesAhead, bytes);
        }
    }

    /// <summary>Where the page of <paramref name="at"/> begins.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static byte* PageOf(byte* at) => (byte*)((nint)at & -PageBytes);

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
