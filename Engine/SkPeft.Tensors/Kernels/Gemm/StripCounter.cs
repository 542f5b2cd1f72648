namespace SkPeft.Tensors.Kernels;

/// <summary>Hands out runs of tasks: long ones first, single ones at the end, so that all workers finish together.</summary>
internal sealed class StripCounter
{
    private int _tasks;
    private int _most;
    private int _next;

    /// <summary>Starts again. A run is never longer than <paramref name="most"/>.</summary>
    public void Begin(int tasks, int most) => (_tasks, _most, _next) = (tasks, most, 0);

    /// <summary>Draws a run; false where none are left.</summary>
    public bool Draw(int workers, out int first, out int count)
    {
        while (true)
        {
            first = Volatile.Read(ref _next);
            count = Math.Clamp((_tasks - first) / (2 * workers), 1, _most);
            if (first >= _tasks)
            {
                return false;
            }

            if (Interlocked.CompareExchange(ref _next, first + count, first) == first)
            {
                return true;
            }
        }
    }
}
