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
        Prefetch.Line(Prefetch.PageOf(Place(at, Prefetch.PagesAhead)));
        byte* from = Place(at, Distance);
        for (byte* end = from + count; from < end; from += Line)
        {
            Prefetch.Line(from);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private byte* Place(byte* at, int distance)
    {
        long place = at - start + distance;
        return place < bytes ? start + place : next + (place - bytes);
    }
}
