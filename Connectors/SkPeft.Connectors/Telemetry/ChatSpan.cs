using System.Diagnostics;
using Microsoft.Extensions.AI;
using SkPeft.Connectors.Receipts;

namespace SkPeft.Connectors.Telemetry;

/// <summary>The span of one answer. Disposing it ends and records it; an answer that never finished counts as an error.</summary>
internal sealed class ChatSpan : IDisposable
{
    private readonly long _start;
    private readonly Receipt _receipt;
    private readonly Activity? _activity;
    private double _first;
    private UsageDetails? _usage;
    private string? _error = "cancelled";

    /// <summary>Begins a span.</summary>
    /// <param name="receipt">Who answers.</param>
    /// <param name="start">The timestamp at which the request came: loading its adapter is part of the answer.</param>
    public ChatSpan(Receipt receipt, long start)
    {
        (_receipt, _start) = (receipt, start);
        _activity = ChatTelemetry.Source.StartActivity($"chat {receipt.Reference}", ActivityKind.Internal);
        _activity?.SetStartTime(_activity.StartTimeUtc - Stopwatch.GetElapsedTime(start));
        _activity?.SetTag("gen_ai.operation.name", "chat");
        _activity?.SetTag("gen_ai.provider.name", "skpeft");
        _activity?.SetTag("gen_ai.request.model", receipt.Adapter);
        _activity?.SetTag("gen_ai.response.model", receipt.Reference);
        _activity?.SetTag("skpeft.adapter.version", receipt.Version);
        _activity?.SetTag("skpeft.adapter.digest", receipt.Digest);
        _activity?.SetTag("skpeft.method", receipt.Method);
        _activity?.SetTag("skpeft.skill", receipt.Skill);
    }

    /// <summary>Sees an update on its way to the reader.</summary>
    public void See(ChatResponseUpdate update)
    {
        if (_first == 0)
        {
            _first = Stopwatch.GetElapsedTime(_start).TotalSeconds;
        }

        if (update.FinishReason is { } reason)
        {
            _error = null;
            _usage = update.Contents.OfType<UsageContent>().LastOrDefault()?.Details;
            _activity?.SetTag("gen_ai.response.finish_reasons", new[] { reason.Value });
        }
    }

    /// <summary>The answer failed.</summary>
    public void Fail(Exception error)
    {
        _error = error is SkPeftException known ? known.Kind : error.GetType().Name;
        _activity?.SetStatus(ActivityStatusCode.Error, error.Message);
    }

    public void Dispose()
    {
        double seconds = Stopwatch.GetElapsedTime(_start).TotalSeconds;
        long behind = (_usage?.OutputTokenCount ?? 0) - 1;
        ChatTelemetry.Record(_receipt, seconds, _first, behind > 0 ? (seconds - _first) / behind : 0, _usage, _error);
        _activity?.SetTag("gen_ai.usage.input_tokens", _usage?.InputTokenCount);
        _activity?.SetTag("gen_ai.usage.output_tokens", _usage?.OutputTokenCount);
        _activity?.SetTag("error.type", _error);
        _activity?.Dispose();
    }
}
