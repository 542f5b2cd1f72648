using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.AI;
using SkPeft.Connectors.Receipts;
using SkPeft.Http.Answers;
using SkPeft.Http.Hosting;
using SkPeft.Http.Metrics;

namespace SkPeft.Http.Chat;

/// <summary>
/// Writes one answer of <c>/v1/chat/completions</c> as events. The headers go with the first piece, so that what is refused still gets a
/// status of its own.
/// </summary>
internal sealed class ChatStream(HttpContext context, ServedRuntime served, ChatCall call, AnswerHead head, AnswerMeter meter)
{
    private readonly UsageDetails?[] _usage = new UsageDetails?[call.Choices];
    private readonly bool[] _begun = new bool[call.Choices];

    public async Task WriteAsync(IAsyncEnumerable<(int Index, ChatResponseUpdate Piece)> pieces)
    {
        string model = "";
        await foreach ((int index, ChatResponseUpdate piece) in pieces)
        {
            if (!context.Response.HasStarted)
            {
                EventStream.Begin(context.Response);
                served.HeaderOf(piece.ModelId!, call.Model.Skill?.Name).WriteTo(context.Response);
            }

            meter.Piece(piece.ModelId);
            model = piece.ModelId!;
            await WriteAsync(index, piece);
        }

        Usage usage = Usage.Of(_usage);
        meter.End(usage);
        if (call.Stream.IncludeUsage)
        {
            await SendAsync(model, [], usage, null);
        }

        await EventStream.EndAsync(context.Response, context.RequestAborted);
    }

    private async Task WriteAsync(int index, ChatResponseUpdate piece)
    {
        if (!_begun[index])
        {
            _begun[index] = true;
            await SendAsync(piece.ModelId!, [new ChatChunkChoice(index, new ChatDelta("assistant", "", null), null, null)], null, null);
        }

        _usage[index] = piece.Contents.OfType<UsageContent>().LastOrDefault()?.Details ?? _usage[index];
        IReadOnlyList<ChatToolCall>? calls = ToolCalls.PiecesOf(piece);
        ChatLogprobs? logprobs = served.LogprobsOf(piece.AdditionalProperties);
        if (piece.Text.Length > 0 || calls is not null || logprobs is { Content.Count: > 0 })
        {
            string? text = piece.Text.Length > 0 || calls is null ? piece.Text : null;
            await SendAsync(piece.ModelId!, [new ChatChunkChoice(index, new ChatDelta(null, text, calls), logprobs, null)], null, null);
        }

        if (piece.FinishReason is { } reason)
        {
            Receipt receipt = (Receipt)piece.AdditionalProperties![Receipt.PropertyName]!;
            await SendAsync(piece.ModelId!, [new ChatChunkChoice(index, new ChatDelta(null, null, null), null, reason.Value)], null, ReceiptBody.Of(receipt));
        }
    }

    private Task SendAsync(string model, IReadOnlyList<ChatChunkChoice> choices, Usage? usage, ReceiptBody? receipt) => EventStream.WriteAsync(
        context.Response, new ChatChunk(head.Id, ChatChunk.Kind, head.Created, served.Names.Shown(model), head.SystemFingerprint, choices, StreamUsage.Of(call.Stream.IncludeUsage, usage), receipt), context.RequestAborted);
}
