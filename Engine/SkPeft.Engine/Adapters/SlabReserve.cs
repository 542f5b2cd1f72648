namespace SkPeft.Engine.Adapters;

/// <summary>
/// Arrays kept ready for the next adapter, as many as the last one took: most of the time from a promotion to its first token is the system
/// giving memory, which can as well be done beforehand. They are made a moment later, when the request that waited for the adapter has its turn.
/// </summary>
internal sealed class SlabReserve
{
    // 16 MiB: an adapter of 10 MB and some.
    private const int Most = 16;

    private static readonly TimeSpan s_quiet = TimeSpan.FromMilliseconds(250);

    private readonly Lock _lock = new();
    private readonly Stack<float[]> _ready = [];
    private int _wanted;
    private int _turn;

    /// <summary>The reserve of this process.</summary>
    public static SlabReserve Shared { get; } = new();

    /// <summary>Bytes that are kept.</summary>
    public long Bytes
    {
        get
        {
            lock (_lock)
            {
                return (long)_ready.Count * TensorSlabs.SlabLength * sizeof(float);
            }
        }
    }

    /// <summary>Takes what is there of so many arrays, and keeps as many for the next caller a moment later.</summary>
    /// <param name="count">How many; with 0 nothing changes.</param>
    public IReadOnlyList<float[]> Take(int count)
    {
        if (count == 0)
        {
            return [];
        }

        lock (_lock)
        {
            _wanted = Math.Min(count, Most);
            _ = FillAsync(++_turn);
            List<float[]> taken = [];
            while (taken.Count < count && _ready.TryPop(out float[]? array))
            {
                taken.Add(array);
            }

            return taken;
        }
    }

    // Of several callers in a row the last one's turn fills.
    private async Task FillAsync(int turn)
    {
        await Task.Delay(s_quiet).ConfigureAwait(false);
        while (IsShort(turn))
        {
            float[] array = SlabQueue.Make(TensorSlabs.SlabLength);
            lock (_lock)
            {
                _ready.Push(array);
            }
        }
    }

    // Of more than are wanted the rest is given back.
    private bool IsShort(int turn)
    {
        lock (_lock)
        {
            if (turn != _turn)
            {
                return false;
            }

            while (_ready.Count > _wanted)
            {
                _ = _ready.Pop();
            }

            return _ready.Count < _wanted;
        }
    }
}
