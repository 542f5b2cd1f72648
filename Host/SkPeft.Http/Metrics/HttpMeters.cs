using System.Diagnostics;
using System.Diagnostics.Metrics;
using SkPeft.Http.Hosting;
using SkPeft.Http.Stats;

namespace SkPeft.Http.Metrics;

/// <summary>What the server counts itself, as meter <c>SkPeft.Http</c>.</summary>
internal sealed class HttpMeters : IDisposable
{
    public const string Name = "SkPeft.Http";

    private static readonly double[] s_seconds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300];
    private readonly Meter _meter;
    private readonly Counter<long> _requests;
    private readonly Histogram<double> _duration;
    private readonly UpDownCounter<long> _active;
    private readonly Counter<long> _tokens;
    private readonly Histogram<double> _firstToken;

    /// <param name="host">The model.</param>
    /// <param name="recent">Gets the times of answers.</param>
    /// <param name="scope">The scope of this server's meters: two servers in one process do not count for each other.</param>
    public HttpMeters(ModelHost host, RecentAnswers recent, object scope)
    {
        Recent = recent;
        _meter = new Meter(new MeterOptions(Name) { Scope = scope });
        InstrumentAdvice<double> seconds = new() { HistogramBucketBoundaries = s_seconds };
        _requests = _meter.CreateCounter<long>("skpeft.http.requests", null, "Requests that have ended, by route, method and status.");
        _duration = _meter.CreateHistogram("skpeft.http.request.duration", "s", "Seconds from a request's first byte to its answer's last.", null, seconds);
        _active = _meter.CreateUpDownCounter<long>("skpeft.http.active.requests", null, "Requests that are running.");
        _tokens = _meter.CreateCounter<long>("skpeft.http.tokens", null, "Tokens of prompts (input) and answers (output), by module version.");
        _firstToken = _meter.CreateHistogram("skpeft.http.first_token.duration", "s", "Seconds until the first piece of an answer, by module version.", null, seconds);
        _meter.CreateObservableGauge("skpeft.model.ready", () => host.IsReady ? 1 : 0, null, "1 once the model has produced its first token.");
    }

    /// <summary>The times of the last answers.</summary>
    public RecentAnswers Recent { get; }

    public void Begin(string method) => _active.Add(1, new KeyValuePair<string, object?>("method", method));

    public void End(string route, string method, int status, TimeSpan duration)
    {
        _active.Add(-1, new KeyValuePair<string, object?>("method", method));
        TagList tags = new() { { "route", route }, { "method", method }, { "status", status } };
        _requests.Add(1, tags);
        _duration.Record(duration.TotalSeconds, new KeyValuePair<string, object?>("route", route));
    }

    /// <summary>Begins to measure one request's answers.</summary>
    /// <param name="time">The clock.</param>
    /// <param name="answers">How many it asks for.</param>
    public AnswerMeter Start(TimeProvider time, int answers) => new(this, time, answers);

    public void FirstToken(string module, TimeSpan after) => _firstToken.Record(after.TotalSeconds, new KeyValuePair<string, object?>("module", module));

    public void Tokens(string module, long input, long output)
    {
        _tokens.Add(input, new("module", module), new("kind", "input"));
        _tokens.Add(output, new("module", module), new("kind", "output"));
    }

    public void Dispose() => _meter.Dispose();
}
