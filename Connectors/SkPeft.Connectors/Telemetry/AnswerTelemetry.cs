using System.Diagnostics;
using System.Diagnostics.Metrics;
using SkPeft.Connectors.Receipts;
using SkPeft.Connectors.Routing;

namespace SkPeft.Connectors.Telemetry;

/// <summary>
/// Spans and histograms of answers, by the OpenTelemetry conventions for generative AI (<c>gen_ai.*</c>), with the adapter that answered
/// (<c>skpeft.*</c>).
/// </summary>
internal static class AnswerTelemetry
{
    /// <summary>The name of the activity source and of the meter.</summary>
    public const string Name = "SkPeft.Chat";

    /// <summary>The operation of a conversation.</summary>
    public const string Chat = "chat";

    /// <summary>The operation of a text that is continued as it is.</summary>
    public const string Completion = "text_completion";

    private static readonly double[] s_perToken = [0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1, 2.5];
    private static readonly Meter s_meter = new(Name);

    // The buckets are those that the conventions advise.
    private static readonly Histogram<double> s_duration = Seconds(
        "gen_ai.client.operation.duration", "Time of an answer.", 0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92);
    private static readonly Histogram<double> s_first = Seconds(
        "gen_ai.server.time_to_first_token", "Time from the request to its first token.", 0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10);
    private static readonly Histogram<double> s_each = Seconds("gen_ai.server.time_per_output_token", "Mean time between the tokens of an answer behind its first.", s_perToken);
    private static readonly Histogram<double> s_piece = Seconds(
        "gen_ai.client.operation.time_per_output_chunk", "Time between each two pieces of an answer (a token each, or what a stop text held back): its tail shows where streams stall.", s_perToken);
    private static readonly Histogram<long> s_tokens = s_meter.CreateHistogram(
        "gen_ai.client.token.usage", "{token}", "Tokens of a request, by gen_ai.token.type.", null,
        new InstrumentAdvice<long> { HistogramBucketBoundaries = [1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576] });

    /// <summary>Where spans come from.</summary>
    public static ActivitySource Source { get; } = new(Name);

    /// <summary>Takes the adapter of a route. A request whose adapter cannot be had is recorded: nobody else would.</summary>
    /// <param name="operation">What is asked for.</param>
    /// <param name="leases">Where adapters come from.</param>
    /// <param name="route">What the request gets.</param>
    /// <param name="model">The model's path.</param>
    /// <param name="start">The timestamp at which the request came.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>The lease; null where the bare base answers.</returns>
    public static async ValueTask<IAdapterLease?> LeaseAsync(
        string operation, IAdapterLeases leases, RouteExplanation route, string model, long start, CancellationToken cancellation)
    {
        try
        {
            return route.IsBase ? null : await leases.LeaseAsync(route.Adapter!, cancellation);
        }
        catch (Exception error)
        {
            using AnswerSpan span = new(operation, ReceiptWriter.Write(route, null, model) with { Adapter = route.Adapter! }, start);
            span.Fail(error);
            throw;
        }
    }

    internal static void Piece(in TagList tags, double seconds) => s_piece.Record(seconds, tags);

    internal static void Record(TagList tags, double seconds, double first, double each, long? input, long? output, string? error)
    {
        if (error is not null)
        {
            tags.Add("error.type", error);
        }

        s_duration.Record(seconds, tags);
        if (first > 0)
        {
            s_first.Record(first, tags);
        }

        if (each > 0)
        {
            s_each.Record(each, tags);
        }

        Usage("input", input, tags);
        Usage("output", output, tags);
    }

    private static Histogram<double> Seconds(string name, string help, params double[] buckets) =>
        s_meter.CreateHistogram(name, "s", help, null, new InstrumentAdvice<double> { HistogramBucketBoundaries = buckets });

    private static void Usage(string type, long? tokens, TagList tags)
    {
        if (tokens is { } count)
        {
            tags.Add("gen_ai.token.type", type);
            s_tokens.Record(count, tags);
        }
    }
}
