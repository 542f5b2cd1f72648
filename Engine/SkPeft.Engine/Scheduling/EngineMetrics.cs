using System.Diagnostics.Metrics;

namespace SkPeft.Engine.Scheduling;

/// <summary>The engine's instruments, of the meter <c>SkPeft.Engine</c>.</summary>
internal sealed class EngineMetrics : IDisposable
{
    /// <summary>The meter's name.</summary>
    public const string MeterName = "SkPeft.Engine";

    private readonly Meter _meter = new(MeterName);
    private readonly Histogram<int> _rows, _jobs;
    private readonly Histogram<double> _seconds;
    private readonly Counter<long> _tokens;

    public EngineMetrics(Func<EngineStatistics> read)
    {
        InstrumentAdvice<int> doubling = new() { HistogramBucketBoundaries = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024] };
        InstrumentAdvice<double> seconds = new() { HistogramBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5] };
        _rows = _meter.CreateHistogram("skpeft.engine.step.rows", "{row}", "Rows in a step: prompt tokens, soft tokens and generated tokens of all requests.", null, doubling);
        _jobs = _meter.CreateHistogram("skpeft.engine.step.requests", "{request}", "Requests in a step.", null, doubling);
        _seconds = _meter.CreateHistogram("skpeft.engine.step.duration", "s", "Time of a step.", null, seconds);
        _tokens = _meter.CreateCounter<long>("skpeft.engine.tokens", "{token}", "Tokens that were run, by tenant, adapter and kind (prompt, answer).");
        Refused = _meter.CreateCounter<long>("skpeft.engine.refused", "{request}", "Requests refused because the queue was full.");
        _meter.CreateObservableGauge("skpeft.engine.queue", () => read().Waiting, "{request}", "Requests that wait to be let in.");
        _meter.CreateObservableGauge("skpeft.engine.running", () => read().Running, "{request}", "Requests that take part in steps.");
        _meter.CreateObservableGauge("skpeft.engine.kv.pages", () => read().PagesInUse, "{page}", "Key/value pages in use, those of the prefix cache included.");
        _meter.CreateObservableGauge("skpeft.engine.kv.bytes", () => read().KeyValueBytes, "By", "Bytes of all key/value pages.");
        _meter.CreateObservableGauge("skpeft.engine.scratch", () => read().ScratchBytes, "By", "Bytes of activations, logits and packed inputs, room for the largest step so far, and of memory kept ready for the next adapter.");
        _meter.CreateObservableGauge("skpeft.engine.prefix_cache.pages", () => read().CachedPages, "{page}", "Pages that the prefix cache owns.");
        _meter.CreateObservableCounter("skpeft.engine.prefix_cache.rows", () => read().FoundRows, "{row}", "Positions found in the prefix cache instead of computed.");
        _meter.CreateObservableCounter("skpeft.engine.lookup.guessed", () => read().GuessedTokens, "{token}", "Tokens that were guessed by prompt lookup.");
        _meter.CreateObservableCounter("skpeft.engine.lookup.confirmed", () => read().ConfirmedTokens, "{token}", "Guessed tokens that the model would have chosen.");
        _meter.CreateObservableCounter("skpeft.engine.preemptions", () => read().Preemptions, "{request}", "Requests that had to give way for a while.");
    }

    /// <summary>Requests refused because the queue was full.</summary>
    public Counter<long> Refused { get; }

    /// <summary>Counts a step.</summary>
    public void Step(IReadOnlyList<StepEntry> entries, int rows, TimeSpan time)
    {
        _rows.Record(rows);
        _jobs.Record(entries.Count);
        _seconds.Record(time.TotalSeconds);
        if (_tokens.Enabled)
        {
            foreach (StepEntry entry in entries)
            {
                _tokens.Add(entry.Count,
                    new KeyValuePair<string, object?>("skpeft.tenant", entry.Job.Terms.Tenant),
                    new KeyValuePair<string, object?>("skpeft.adapter", entry.Job.Plan.Adapter),
                    new KeyValuePair<string, object?>("skpeft.kind", entry.WasReading ? "prompt" : "answer"));
            }
        }
    }

    public void Dispose() => _meter.Dispose();
}
