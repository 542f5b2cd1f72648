using System.Numerics.Tensors;

namespace SkPeft.Engine.Sampling;

/// <summary>
/// Tokens that may be drawn, most probable first; each filter keeps at least one. One instance a request: its memory is used again for
/// every token.
/// </summary>
internal sealed class CandidateList
{
    // exp(-60) of the best token's weight cannot be drawn with 53 random bits.
    private const float Negligible = 60;

    private readonly KeyedSort _sort = new();
    private int[] _ids = [];
    private double[] _logs = [];
    private double[] _weights = [];
    private double _sum;

    /// <summary>How many are left.</summary>
    public int Count { get; private set; }

    /// <summary>The tokens and their probabilities, most probable first; ties: lower id first.</summary>
    public IEnumerable<(int Id, double P)> Items => Enumerable.Range(0, Count).Select(i => (_ids[i], _weights[i] / _sum));

    /// <summary>Takes the k most probable tokens of a distribution given by logits.</summary>
    /// <param name="logits">At least one; none is NaN, the greatest is finite.</param>
    /// <param name="k">How many; 0 for all.</param>
    public void Take(ReadOnlySpan<float> logits, int k)
    {
        float max = TensorPrimitives.Max(logits);
        _sort.Clear(logits.Length);
        for (int id = 0; id < logits.Length; id++)
        {
            if (logits[id] > max - Negligible)
            {
                _sort.Add(-logits[id], id);
            }
        }

        ReadOnlySpan<ulong> sorted = _sort.Ascending();
        Count = k == 0 ? sorted.Length : Math.Min(k, sorted.Length);
        EnsureRoom(Count);
        for (int i = 0; i < Count; i++)
        {
            _ids[i] = KeyedSort.IndexOf(sorted[i]);
            _logs[i] = (double)logits[_ids[i]] - max;
        }

        TensorPrimitives.Exp<double>(_logs.AsSpan(0, Count), _weights);
        _sum = TensorPrimitives.Sum<double>(_weights.AsSpan(0, Count));
    }

    /// <summary>Keeps the smallest set of most probable tokens whose probabilities reach <paramref name="p"/> (arXiv 1904.09751).</summary>
    public void TopP(float p)
    {
        double sum = 0;
        int count = 0;
        while (count < Count && Below(sum, p))
        {
            sum += _weights[count++];
        }

        Cut(Math.Max(1, count));
    }

    /// <summary>Drops tokens less probable than <paramref name="p"/> times the most probable one (arXiv 2407.01082).</summary>
    public void MinP(float p)
    {
        double floor = p * _weights[0];
        int count = 1;
        while (count < Count && _weights[count] >= floor)
        {
            count++;
        }

        Cut(count);
    }

    /// <summary>Keeps the tokens whose surprise is nearest to the entropy, up to a mass (arXiv 2202.00666 §3).</summary>
    public void Typical(float mass)
    {
        double logSum = Math.Log(_sum);
        double entropy = logSum - (TensorPrimitives.Dot<double>(_weights.AsSpan(0, Count), _logs.AsSpan(0, Count)) / _sum);
        _sort.Clear(Count);
        for (int i = 0; i < Count; i++)
        {
            _sort.Add((float)Math.Abs(logSum - _logs[i] - entropy), i);
        }

        Keep(_sort.Ascending(), mass);
    }

    /// <param name="uniform">In [0, 1).</param>
    public int Draw(double uniform)
    {
        double left = uniform * _sum;
        for (int i = 0; i < Count; i++)
        {
            left -= _weights[i];
            if (left < 0)
            {
                return _ids[i];
            }
        }

        return _ids[Count - 1];
    }

    // Compared as fp32, as the options are given: 0.5 + 0.3 reaches a p of 0.8.
    private bool Below(double weight, float mass) => (float)(weight / _sum) < mass;

    private void Cut(int count)
    {
        Count = count;
        _sum = TensorPrimitives.Sum<double>(_weights.AsSpan(0, count));
    }

    // Keeps the first of an order of ranks, up to a mass; what stays is still sorted by probability.
    private void Keep(ReadOnlySpan<ulong> order, float mass)
    {
        bool[] kept = new bool[Count];
        double sum = 0;
        for (int i = 0; i < order.Length && (i == 0 || Below(sum, mass)); i++)
        {
            int rank = KeyedSort.IndexOf(order[i]);
            kept[rank] = true;
            sum += _weights[rank];
        }

        int count = 0;
        for (int rank = 0; rank < kept.Length; rank++)
        {
            if (kept[rank])
            {
                (_ids[count], _logs[count], _weights[count]) = (_ids[rank], _logs[rank], _weights[rank]);
                count++;
            }
        }

        Cut(count);
    }

    private void EnsureRoom(int count)
    {
        if (_ids.Length < count)
        {
            int room = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)count);
            (_ids, _logs, _weights) = (new int[room], new double[room], new double[room]);
        }
    }
}
