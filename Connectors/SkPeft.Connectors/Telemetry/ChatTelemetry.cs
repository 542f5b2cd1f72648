using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.AI;
using SkPeft.Connectors.Receipts;

namespace SkPeft.Connectors.Telemetry;

/// <summary>
/// Spans and histograms of answers, by the OpenTelemetry conventions for generative AI (<c>gen_ai.*</c>), with the adapter that answered
/// (<c>skpeft.*</c>).
/// </summary>
internal static class ChatTelemetry
{
    /// <summary>The name of the activity source and of the meter.</summary>
    public const string Name = "SkPeft.Chat";

    private static readonly Meter s_meter = new(Name);
    private static readonly Histogram<double> s_duration = s_meter.CreateHistogram<double>("gen_ai.client.operation.duration", "s", "Time of an answer.");
    private static readonly Histogram<double> s_first = s_meter.CreateHistogram<double>("gen_ai.server.time_to_first_token", "s", "Time from the request to its first token.");
    private static readonly Histogram<double> s_each = s_meter.CreateHistogram<double>("gen_ai.server.time_per_output_token", "s", "Time between tokens behind the first.");
    private static readonly Histogram<long> s_tokens = s_meter.CreateHistogram<long>("gen_ai.client.token.usage", "{token}", "Tokens of a request, by gen_ai.token.type.");

    /// <summary>Where spans come from.</summary>
    public static ActivitySource Source { get; } = new(Name);

    /// <summary>Begins the span of an answer; see <see cref="ChatSpan"/>.</summary>
    /// <param name="receipt">Who answers.</param>
    public static ChatSpan Begin(Receipt receipt) => new(receipt);

    internal static void Record(Receipt receipt, double seconds, double first, double each, UsageDetails? usage, string? error)
    {
        TagList tags = new()
        {
            { "gen_ai.operation.name", "chat" },
            { "gen_ai.provider.name", "skpeft" },
            { "gen_ai.request.model", receipt.Adapter },
            { "gen_ai.response.model", receipt.Reference },
            { "skpeft.skill", receipt.Skill },
        };
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

        Usage("input", usage?.InputTokenCount, tags);
        Usage("output", usage?.OutputTokenCount, tags);
    }

    private static void Usage(string type, long? tokens, TagList tags)
    {
        if (tokens is { } count)
        {
            tags.Add("gen_ai.token.type", type);
            s_tokens.Record(count, tags);
        }
    }
}
