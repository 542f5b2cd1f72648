using System.Diagnostics.Metrics;

namespace SkPeft.Http.Metrics;

/// <summary>The values of one instrument under one set of tags.</summary>
internal sealed class Series
{
    private readonly double[] _bounds;
    private readonly long[] _buckets;
    private readonly Lock _gate = new();
    private double _value;
    private long _count;

    /// <param name="bounds">Upper bounds of a histogram's buckets; empty for other instruments.</param>
    public Series(double[] bounds) => (_bounds, _buckets) = (bounds, new long[bounds.Length + 1]);

    public void Add(double value)
    {
        lock (_gate)
        {
            _value += value;
        }
    }

    public void Set(double value)
    {
        lock (_gate)
        {
            _value = value;
        }
    }

    public void Record(double value)
    {
        int bucket = Array.FindIndex(_bounds, bound => value <= bound);
        lock (_gate)
        {
            _buckets[bucket < 0 ? _bounds.Length : bucket]++;
            _value += value;
            _count++;
        }
    }

    public SeriesValue Read()
    {
        lock (_gate)
        {
            long below = 0;
            return new SeriesValue(_value, _count, [.. _bounds.Zip(_buckets, (bound, n) => (bound, below += n))]);
        }
    }
}

/// <summary>What a series says now.</summary>
/// <param name="Value">The value; a histogram's sum.</param>
/// <param name="Count">A histogram's count.</param>
/// <param name="Buckets">A histogram's bounds, each with the count of values up to it.</param>
internal sealed record SeriesValue(double Value, long Count, IReadOnlyList<(double Bound, long Count)> Buckets);

/// <summary>What an instrument's values mean.</summary>
internal enum SeriesKind
{
    Counter,
    Gauge,
    Histogram,
}

/// <summary>An instrument and its series.</summary>
internal sealed record InstrumentSeries(Instrument Instrument, SeriesKind Kind, Dictionary<string, Series> Series);
