using System.Diagnostics;
using Microsoft.Extensions.AI;
using SkPeft.Connectors.Receipts;
using SkPeft.Engine.Generation;

namespace SkPeft.Connectors.Telemetry;

/// <summary>The span of one answer. Disposing it ends and records it; an answer that never finished counts as an error.</summary>
internal sealed class AnswerSpan : IDisposable
{
    private readonly long _start;
    private readonly TagList _tags;
    private readonly Activity? _activity;
    private long _last;
    private double _first;
    private long? _input;
    private long? _output;
    private string? _error = "cancelled";

    /// <summary>Begins a span.</summary>
    /// <param name="operation">What is asked for, by the conventions: <c>chat</c> or <c>text_completion</c>.</param>
    /// <param name="receipt">Who answers.</param>
    /// <param name="start">The timestamp at which the request came: loading its adapter is part of the answer.</param>
    public AnswerSpan(string operation, Receipt receipt, long start)
    {
        _start = start;
        _tags = new TagList
        {
            { "gen_ai.operation.name", operation },
            { "gen_ai.provider.name", "skpeft" },
            { "gen_ai.request.model", receipt.Adapter },
            { "gen_ai.response.model", receipt.Reference },
            { "skpeft.skill", receipt.Skill },
        };
        _activity = AnswerTelemetry.Source.StartActivity($"{operation} {receipt.Reference}", ActivityKind.Internal);
        if (_activity is not null)
        {
            _activity.SetStartTime(_activity.StartTimeUtc - Stopwatch.GetElapsedTime(start));
            foreach ((string key, object? value) in _tags)
            {
                _activity.SetTag(key, value);
            }

            _activity.SetTag("skpeft.adapter.version", receipt.Version);
            _activity.SetTag("skpeft.adapter.digest", receipt.Digest);
            _activity.SetTag("skpeft.method", receipt.Method);
        }
    }

    /// <summary>Sees an update on its way to the reader.</summary>
    public void See(ChatResponseUpdate update)
    {
        // The last update of an answer comes with the one before it, and says how it ended.
        if (update.FinishReason is null || _last == 0)
        {
            Piece();
        }

        if (update.FinishReason is { } reason)
        {
            UsageDetails? usage = update.Contents.OfType<UsageContent>().LastOrDefault()?.Details;
            Finish(reason.Value, usage?.InputTokenCount, usage?.OutputTokenCount);
        }
    }

    /// <summary>Sees an update of a text that is continued as it is.</summary>
    public void See(GenerationUpdate update)
    {
        Piece();
        if (update is { Finish: { } finish, Timings: { } timings })
        {
            Finish(finish == FinishReason.Stop ? "stop" : "length", timings.PromptTokens, timings.DecodedTokens + 1);
        }
    }

    /// <summary>The answer failed.</summary>
    public void Fail(Exception error)
    {
        _error = error is SkPeftException known ? known.Kind : error.GetType().Name;
        _activity?.SetStatus(ActivityStatusCode.Error, error.Message);
    }

    /// <summary>Asks for the next update; what is thrown instead is this answer's failure.</summary>
    public async ValueTask<bool> MoveAsync<T>(IAsyncEnumerator<T> updates)
    {
        // Here, because an iterator cannot catch around its own yield.
        try
        {
            return await updates.MoveNextAsync();
        }
        catch (Exception error)
        {
            Fail(error);
            throw;
        }
    }

    public void Dispose()
    {
        double seconds = Stopwatch.GetElapsedTime(_start).TotalSeconds;
        long behind = (_output ?? 0) - 1;
        AnswerTelemetry.Record(_tags, seconds, _first, behind > 0 ? (seconds - _first) / behind : 0, _input, _output, _error);
        _activity?.SetTag("gen_ai.usage.input_tokens", _input);
        _activity?.SetTag("gen_ai.usage.output_tokens", _output);
        _activity?.SetTag("error.type", _error);
        _activity?.Dispose();
    }

    private void Piece()
    {
        long now = Stopwatch.GetTimestamp();
        if (_last == 0)
        {
            _first = Stopwatch.GetElapsedTime(_start, now).TotalSeconds;
        }
        else
        {
            AnswerTelemetry.Piece(_tags, Stopwatch.GetElapsedTime(_last, now).TotalSeconds);
        }

        _last = now;
    }

    private void Finish(string reason, long? input, long? output)
    {
        (_error, _input, _output) = (null, input, output);
        _activity?.SetTag("gen_ai.response.finish_reasons", new[] { reason });
    }
}
