using SkPeft.Tensors.Threading;

namespace SkPeft.Tensors.Kernels;

/// <summary>Low-rank changes with 8-bit factors, of several adapters and layers at once: each worker takes the next few that are left.</summary>
internal sealed unsafe class LowRankWork(WorkerTeam team, InstructionSet set) : IWork, IDisposable
{
    // Few enough that the last worker does not work alone for long.
    private const int MostUnitsAtOnce = 2;

    private readonly LowRankKernel _kernel = LowRankKernel.Get(set);
    private readonly Scratch _scratch = new();
    private LowRankRows[] _items = [];
    private int _count;
    private int _next;
    private int _atOnce;
    private long _room;

    /// <summary>Adds rows to the next <see cref="Run"/>.</summary>
    public void Add(in LowRankRows item)
    {
        _room = Math.Max(_room, _kernel.ScratchFloats(item.Factors));
        for (int first = 0; first < item.Count; first += LowRankKernel.MostRows)
        {
            if (_count == _items.Length)
            {
                Array.Resize(ref _items, Math.Max(64, 2 * _count));
            }

            _items[_count++] = new LowRankRows(
                item.Factors, item.Scale, item.X + (first * item.StrideX), item.StrideX, Math.Min(LowRankKernel.MostRows, item.Count - first), item.Y + (first * item.StrideY), item.StrideY);
        }
    }

    /// <summary>Runs what was added on the team; on the calling thread where there is one.</summary>
    public void Run()
    {
        if (_count == 0)
        {
            return;
        }

        _scratch.Get(_room * team.Count * sizeof(float));
        int unit = Unit();
        _atOnce = unit * Math.Clamp(_count / unit / (4 * team.Count), 1, MostUnitsAtOnce);
        _next = -_atOnce;
        try
        {
            if (_count == 1 || team.Count == 1)
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
            (_count, _room) = (0, 0);
        }
    }

    public void Execute(int worker, int workers)
    {
        float* scratch = (float*)_scratch.Get(_room * team.Count * sizeof(float)) + (worker * _room);
        for (int first = Draw(), following; first < _count; first = following)
        {
            // What follows a single row is drawn before it is wanted, so that its factors can be fetched.
            int end = Math.Min(first + _atOnce, _count);
            bool fetches = _items[end - 1].Count == 1;
            following = fetches ? Draw() : _count;
            for (int i = first; i < end; i++)
            {
                int next = i + 1 < end ? i + 1 : following < _count ? following : i;
                _kernel.Run(_items[i], scratch, _items[next].Factors);
            }

            following = fetches ? following : Draw();
        }
    }

    public void Dispose() => _scratch.Dispose();

    // One row's changes in the layers that share its input: their factors are neighbours in memory.
    private int Unit()
    {
        int unit = 1;
        while (unit < _count && _items[unit].X == _items[0].X)
        {
            unit++;
        }

        return unit;
    }

    private int Draw() => Interlocked.Add(ref _next, _atOnce);
}
