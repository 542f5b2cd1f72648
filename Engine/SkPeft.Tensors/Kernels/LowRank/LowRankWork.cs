using SkPeft.Tensors.Threading;

namespace SkPeft.Tensors.Kernels;

/// <summary>Low-rank changes of several adapters and layers at once: each worker takes the next few that are left.</summary>
internal sealed unsafe class LowRankWork(WorkerTeam team, InstructionSet set) : IWork, IDisposable
{
    // Few enough that the last worker does not work alone for long, and enough that what is fetched ahead is mostly one's own.
    private const int MostAtOnce = 4;

    private readonly LowRankKernel _kernel = LowRankKernel.Get(set);
    private readonly Scratch _middle = new();
    private LowRankRows[] _items = [];
    private int _count;
    private int _next;
    private int _atOnce;
    private long _room;

    /// <summary>Runs all items on the team; on the calling thread where there is one.</summary>
    public void Run(ReadOnlySpan<LowRankRows> items)
    {
        _room = 0;
        foreach (ref readonly LowRankRows item in items)
        {
            _room = Math.Max(_room, ((long)item.Count * item.Factors.Rank) + 16);
        }

        _middle.Get(_room * team.Count * sizeof(float));
        if (_items.Length < items.Length)
        {
            _items = new LowRankRows[items.Length * 2];
        }

        items.CopyTo(_items);
        _atOnce = Math.Clamp(items.Length / (2 * team.Count), 1, MostAtOnce);
        (_count, _next) = (items.Length, -_atOnce);
        try
        {
            if (items.Length == 1 || team.Count == 1)
            {
                Execute(0, 1);
            }
            else
            {
                team.Run(this);
            }
        }
        finally
        {
            // Factors belong to adapters that come and go.
            Array.Clear(_items, 0, _count);
        }
    }

    public void Execute(int worker, int workers)
    {
        float* middle = (float*)_middle.Get(_room * team.Count * sizeof(float)) + (worker * _room);
        for (int first = Interlocked.Add(ref _next, _atOnce); first < _count; first = Interlocked.Add(ref _next, _atOnce))
        {
            int end = Math.Min(first + _atOnce, _count);
            for (int i = first; i < end; i++)
            {
                _kernel.Run(_items[i], middle, i + 1 < end ? _items[i + 1].Factors : null);
            }
        }
    }

    public void Dispose() => _middle.Dispose();
}
