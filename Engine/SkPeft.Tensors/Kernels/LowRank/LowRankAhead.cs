using System.Runtime.CompilerServices;

namespace SkPeft.Tensors.Kernels;

/// <summary>
/// Fetches factors a fixed distance before they are read, and behind their end those that follow. They are met once a step, in pieces so short that the
/// CPU's own prefetcher has hardly begun when a piece ends.
/// </summary>
/// <param name="start">The factors' first byte.</param>
/// <param name="bytes">Their bytes.</param>
/// <param name="next">What is read behind them.</param>
internal readonly unsafe struct LowRankAhead(byte* start, long bytes, byte* next)
{
    private const int Distance = 4096;
    private const int Line = 64;

    /// <summary>Fetches for a part that begins at <paramref name="at"/>, within the factors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Fetch(byte* at, int count)
    {
        long place = at - start + Distance;
        byte* from = place < bytes ? start + place : next + (place - bytes);
        for (byte* end = from + count; from < end; from += Line)
        {
            Prefetch.Line(from);
        }
    }
}
