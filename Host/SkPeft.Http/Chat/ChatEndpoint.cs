using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.AI;
using SkPeft.Connectors.Answers;
using SkPeft.Connectors.Receipts;
using SkPeft.Http.Answers;
using SkPeft.Http.Hosting;
using SkPeft.Http.Keys;
using SkPeft.Http.Metrics;
using SkPeft.Http.Requests;

namespace SkPeft.Http.Chat;

/// <summary><c>POST /v1/chat/completions</c>.</summary>
internal sealed class ChatEndpoint(ModelHost host, HttpSettings settings, HttpMeters meters, TimeProvider time)
{
    public async Task HandleAsync(HttpContext context)
    {
        using JsonDocument body = await JsonBody.ReadAsync(context);
        ServedRuntime served = host.Served;
        ChatCall call = new ChatReader(served.Names, settings.MaxChoices).Read(body.RootElement, out IReadOnlyList<string> ignored);
        context.Sign(call.Model, call.Options, call.Priority);
        ReceiptHeader.WriteIgnored(context.Response, ignored);
        AnswerHead head = new($"chatcmpl-{Guid.NewGuid():N}", time.GetUtcNow().ToUnixTimeSeconds(), served.Fingerprint);
        IAsyncEnumerable<(int Index, ChatResponseUpdate Piece)> pieces = Choices.MergeAsync(
            [.. Enumerable.Range(0, call.Choices).Select(i => Choice(served, call, i))], context.RequestAborted);
        AnswerMeter meter = meters.Start(time, call.Choices);
        await (call.Stream.IsStream
            ? new ChatStream(context, served, call, head, meter).WriteAsync(pieces)
            : WriteAsync(context, served, call, head, pieces, meter));
    }

    private static Func<CancellationToken, IAsyncEnumerable<ChatResponseUpdate>> Choice(ServedRuntime served, ChatCall call, int index) => cancellation =>
        served.Client.GetStreamingResponseAsync(call.Messages, SamplingParameters.ForChoice(call.Options, index, call.Choices), cancellation);

    private static async Task WriteAsync(
        HttpContext context, ServedRuntime served, ChatCall call, AnswerHead head, IAsyncEnumerable<(int Index, ChatResponseUpdate Piece)> pieces, AnswerMeter meter)
    {
        ResponseCollector[] collectors = [.. Enumerable.Range(0, call.Choices).Select(_ => new ResponseCollector())];
        await foreach ((int index, ChatResponseUpdate piece) in pieces)
        {
            meter.Piece(piece.ModelId);
            collectors[index].Add(piece);
        }

        ChatResponse[] responses = [.. collectors.Select(c => c.ToResponse())];
        Receipt[] receipts = [.. responses.Select(r => (Receipt)r.AdditionalProperties![Receipt.PropertyName]!)];
        Usage usage = Usage.Of([.. responses.Select(r => r.Usage)]);
        meter.End(usage);
        served.HeaderOf(receipts[0].Reference, receipts[0].Skill).WriteTo(context.Response);
        ChatChoice[] choices = [.. responses.Select((r, i) => Choice(served, r, i, receipts.Length > 1 ? receipts[i] : null))];
        await context.Response.WriteAsJsonAsync(
            new ChatCompletion(head.Id, ChatCompletion.Kind, head.Created, served.Names.Shown(receipts[0].Reference), choices, usage, head.SystemFingerprint, ReceiptBody.Of(receipts[0])),
            JsonForm.Options, context.RequestAborted);
    }

    private static ChatChoice Choice(ServedRuntime served, ChatResponse response, int index, Receipt? receipt)
    {
        IReadOnlyList<ChatToolCall>? calls = ToolCalls.Of(response.Messages[0].Contents);
        string? text = calls is not null && response.Text.Length == 0 ? null : response.Text;
        return new ChatChoice(
            index, new ChatAnswer("assistant", text, null, calls), served.LogprobsOf(response.AdditionalProperties), response.FinishReason!.Value.Value,
            receipt is null ? null : ReceiptBody.Of(receipt));
    }
}
