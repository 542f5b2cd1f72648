using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace SkPeft.Http.Metrics;

/// <summary>Listens to every meter whose name begins with <c>SkPeft</c>, and writes what they say as Prometheus reads it (text format 0.0.4).</summary>
internal sealed class MetricsCollector : IDisposable
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";
    public const string Prefix = "SkPeft";

    // OpenTelemetry's limit, and its word for what is beyond: requests may compose modules with weights of their own, names without end.
    private const int MostSeries = 2000;
    private const string Overflow = "otel_metric_overflow=\"true\"";

    // For histograms that advise no buckets of their own.
    private static readonly double[] s_bounds = [0, 5, 10, 25, 50, 75, 100, 250, 500, 750, 1000, 2500, 5000, 7500, 10000];

    private readonly MeterListener _listener = new();
    private readonly Dictionary<Instrument, InstrumentSeries> _instruments = [];
    private readonly Lock _gate = new();

    /// <param name="scope">A meter with a scope counts only where it is this one: it belongs to one of several servers in a process.</param>
    public MetricsCollector(object scope)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name.StartsWith(Prefix, StringComparison.Ordinal) && (instrument.Meter.Scope is null || instrument.Meter.Scope == scope))
            {
                lock (_gate)
                {
                    _instruments[instrument] = new InstrumentSeries(instrument, KindOf(instrument), []);
                }

                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<byte>((i, v, tags, _) => Take(i, v, tags));
        _listener.SetMeasurementEventCallback<short>((i, v, tags, _) => Take(i, v, tags));
        _listener.SetMeasurementEventCallback<int>((i, v, tags, _) => Take(i, v, tags));
        _listener.SetMeasurementEventCallback<long>((i, v, tags, _) => Take(i, v, tags));
        _listener.SetMeasurementEventCallback<float>((i, v, tags, _) => Take(i, v, tags));
        _listener.SetMeasurementEventCallback<double>((i, v, tags, _) => Take(i, v, tags));
        _listener.SetMeasurementEventCallback<decimal>((i, v, tags, _) => Take(i, (double)v, tags));
        _listener.Start();
    }

    public void Dispose() => _listener.Dispose();

    public string Write()
    {
        _listener.RecordObservableInstruments();
        InstrumentSeries[] all;
        lock (_gate)
        {
            all = [.. _instruments.Values.Select(i => i with { Series = new(i.Series, StringComparer.Ordinal) })];
        }

        StringBuilder text = new();
        foreach (IGrouping<string, InstrumentSeries> family in all.Where(i => i.Series.Count > 0).GroupBy(PrometheusNames.Of).OrderBy(f => f.Key, StringComparer.Ordinal))
        {
            PrometheusText.Write(text, family.Key, [.. family]);
        }

        return text.ToString();
    }

    private static SeriesKind KindOf(Instrument instrument)
    {
        string kind = instrument.GetType().Name;
        return kind.StartsWith("Histogram", StringComparison.Ordinal) ? SeriesKind.Histogram
            : kind.StartsWith("Counter", StringComparison.Ordinal) || kind.StartsWith("ObservableCounter", StringComparison.Ordinal) ? SeriesKind.Counter
            : SeriesKind.Gauge;
    }

    private static double[] BoundsOf(Instrument instrument) => instrument switch
    {
        Histogram<double> { Advice.HistogramBucketBoundaries: { } bounds } => [.. bounds],
        Histogram<float> { Advice.HistogramBucketBoundaries: { } bounds } => [.. bounds.Select(b => (double)b)],
        Histogram<long> { Advice.HistogramBucketBoundaries: { } bounds } => [.. bounds.Select(b => (double)b)],
        Histogram<int> { Advice.HistogramBucketBoundaries: { } bounds } => [.. bounds.Select(b => (double)b)],
        _ => s_bounds,
    };

    private void Take(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        string labels = Labels(tags);
        Series series;
        SeriesKind kind;
        lock (_gate)
        {
            if (!_instruments.TryGetValue(instrument, out InstrumentSeries? known))
            {
                return;
            }

            kind = known.Kind;
            labels = known.Series.Count < MostSeries || known.Series.ContainsKey(labels) ? labels : Overflow;
            if (!known.Series.TryGetValue(labels, out series!))
            {
                known.Series[labels] = series = new Series(kind == SeriesKind.Histogram ? BoundsOf(instrument) : []);
            }
        }

        if (kind == SeriesKind.Histogram)
        {
            series.Record(value);
        }
        else if (instrument.IsObservable || instrument.GetType().Name.StartsWith("Gauge", StringComparison.Ordinal))
        {
            series.Set(value);
        }
        else
        {
            series.Add(value);
        }
    }

    private static string Labels(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        List<string> labels = [];
        foreach ((string name, object? value) in tags)
        {
            labels.Add($"{PrometheusNames.Legal(name)}=\"{PrometheusNames.Escape(Convert.ToString(value, CultureInfo.InvariantCulture) ?? "")}\"");
        }

        labels.Sort(StringComparer.Ordinal);
        return string.Join(',', labels);
    }
}
