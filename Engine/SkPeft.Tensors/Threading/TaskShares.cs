namespace SkPeft.Tensors.Threading;

/// <summary>
/// Hands out runs of tasks. Every worker has a share of neighbouring tasks, which it takes from the front, long runs first; who has
/// finished takes from the end of another's, so that all finish together.
/// </summary>
internal sealed class TaskShares
{
    // Shares lie a cache line apart. A share is what is left of it: its end above, its next task below.
    private const int Spacing = 8;

    private long[] _shares = [];
    private int _most;

    /// <summary>Starts again. A run is never longer than <paramref name="most"/>.</summary>
    public void Begin(int tasks, int most, int workers)
    {
        if (_shares.Length < workers * Spacing)
        {
            _shares = new long[workers * Spacing];
        }

        _most = most;
        for (int worker = 0; worker < workers; worker++)
        {
            Share(worker) = Left(Bound(tasks, worker, workers), Bound(tasks, worker + 1, workers));
        }
    }

    /// <summary>Draws a run; false where none are left.</summary>
    public bool Draw(int worker, int workers, out int first, out int count)
    {
        for (int i = 0; i < workers; i++)
        {
            if (TryDraw((worker + i) % workers, own: i == 0, out first, out count))
            {
                return true;
            }
        }

        (first, count) = (0, 0);
        return false;
    }

    private bool TryDraw(int worker, bool own, out int first, out int count)
    {
        ref long share = ref Share(worker);
        while (true)
        {
            long left = Volatile.Read(ref share);
            (int next, int end) = ((int)left, (int)(left >> 32));
            count = Math.Clamp((end - next) / 2, 1, _most);
            first = own ? next : end - count;
            if (next >= end)
            {
                return false;
            }

            if (Interlocked.CompareExchange(ref share, own ? Left(next + count, end) : Left(next, first), left) == left)
            {
                return true;
            }
        }
    }

    private ref long Share(int worker) => ref _shares[worker * Spacing];

    private static long Left(int next, int end) => ((long)end << 32) | (uint)next;

    private static int Bound(int tasks, int worker, int workers) => (int)((long)tasks * worker / workers);
}
