namespace SkPeft.Training.Loop;

/// <summary>Which lines a step uses. A function of seed and step alone: a run that is resumed needs to remember nothing of it.</summary>
internal sealed class BatchPlan
{
    private readonly IReadOnlyList<int> _lengths;
    private readonly LoopSettings _settings;
    private readonly int _seed;
    private (long Epoch, int[] Order) _last = (-1, []);

    /// <param name="lengths">The lengths of all lines, for buckets.</param>
    /// <param name="settings">Batch size and order.</param>
    /// <param name="seed">The seed.</param>
    public BatchPlan(IReadOnlyList<int> lengths, LoopSettings settings, int seed) => (_lengths, _settings, _seed) = (lengths, settings, seed);

    /// <summary>Steps of the run.</summary>
    public int Steps => _settings.Steps ?? Math.Max(1, checked((int)Math.Ceiling(_settings.Epochs * _lengths.Count / _settings.Batch)));

    /// <summary>The lines of a step, from 0.</summary>
    public int[] At(int step)
    {
        long first = (long)step * _settings.Batch;
        int[] lines = new int[_settings.Batch];
        for (int i = 0; i < lines.Length; i++)
        {
            (long epoch, long place) = Math.DivRem(first + i, _lengths.Count);
            lines[i] = _settings.Order == LineOrder.File ? (int)place : Order(epoch)[place];
        }

        return lines;
    }

    private int[] Order(long epoch)
    {
        if (_last.Epoch != epoch)
        {
            Random random = new(Seeds.Mix(_seed, epoch));
            int[] order = [.. Enumerable.Range(0, _lengths.Count)];
            random.Shuffle(order);
            _last = (epoch, _settings.Bucket > 0 ? Bucketed(order, epoch, random) : order);
        }

        return _last.Order;
    }

    // Batches of one window take their lines by length; their own order is shuffled. Windows begin where a batch does.
    private int[] Bucketed(int[] order, long epoch, Random random)
    {
        int batch = _settings.Batch;
        int head = (int)((batch - (epoch * _lengths.Count % batch)) % batch);
        List<int> result = [.. order.Take(head)];
        foreach (int[] window in order.Skip(head).Chunk(batch * _settings.Bucket))
        {
            int[][] batches = [.. window.OrderBy(i => _lengths[i]).Chunk(batch)];
            int whole = batches.Count(b => b.Length == batch);
            random.Shuffle(batches.AsSpan(0, whole));
            result.AddRange(batches.SelectMany(b => b));
        }

        return [.. result];
    }
}
