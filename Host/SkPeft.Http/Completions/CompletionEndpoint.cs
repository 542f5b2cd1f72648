using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using SkPeft.Engine.Generation;
using SkPeft.Http.Answers;
using SkPeft.Http.Hosting;
using SkPeft.Http.Keys;
using SkPeft.Http.Metrics;
using SkPeft.Http.Requests;

namespace SkPeft.Http.Completions;

/// <summary><c>POST /v1/completions</c>: continues a text as it is.</summary>
internal sealed class CompletionEndpoint(ModelHost host, HttpSettings settings, HttpMeters meters, TimeProvider time)
{
    public async Task HandleAsync(HttpContext context)
    {
        using JsonDocument body = await JsonBody.ReadAsync(context);
        ServedRuntime served = host.Served;
        CompletionCall call = new CompletionReader(served, settings.MaxChoices).Read(body.RootElement, out IReadOnlyList<string> ignored);
        context.Sign(call.Model, call.Options, call.Priority);
        ReceiptHeader.WriteIgnored(context.Response, ignored);
        AnswerHead head = new($"cmpl-{Guid.NewGuid():N}", time.GetUtcNow().ToUnixTimeSeconds(), served.Fingerprint);
        AnswerMeter meter = meters.Start(time, call.Choices);
        using CompletionRun run = await CompletionRun.BeginAsync(served, call, context.RequestAborted);
        TextAnswer[] answers = [.. Enumerable.Range(0, call.Choices).Select(i => new TextAnswer(i, served.Tokenizer))];
        await (call.Stream.IsStream ? StreamAsync(context, call, head, run, answers, meter) : WriteAsync(context, call, head, run, answers, meter));
    }

    private static async Task WriteAsync(HttpContext context, CompletionCall call, AnswerHead head, CompletionRun run, TextAnswer[] answers, AnswerMeter meter)
    {
        StringBuilder[] texts = [.. answers.Select(_ => new StringBuilder())];
        await foreach ((int index, GenerationUpdate piece) in run.RunAsync(context.RequestAborted))
        {
            meter.Piece(run.Receipt.Reference);
            answers[index].Take(piece);
            texts[index].Append(piece.Text);
        }

        Usage usage = UsageOf(call, answers);
        meter.End(usage);
        ReceiptHeader.Of(run.Receipt).WriteTo(context.Response);
        TextChoice[] choices = [.. answers.Select((a, i) => a.Choice(texts[i].ToString()))];
        await context.Response.WriteAsJsonAsync(new TextCompletion(head.Id, TextCompletion.Kind, head.Created, run.ModelName, choices, usage, head.SystemFingerprint, ReceiptBody.Of(run.Receipt)), JsonForm.Options, context.RequestAborted);
    }

    private static async Task StreamAsync(HttpContext context, CompletionCall call, AnswerHead head, CompletionRun run, TextAnswer[] answers, AnswerMeter meter)
    {
        HttpResponse response = context.Response;
        await foreach ((int index, GenerationUpdate piece) in run.RunAsync(context.RequestAborted))
        {
            if (!response.HasStarted)
            {
                EventStream.Begin(response);
                ReceiptHeader.Of(run.Receipt).WriteTo(response);
            }

            meter.Piece(run.Receipt.Reference);
            answers[index].Take(piece);
            TextChoice choice = answers[index].Choice(piece.Text);
            if (choice.Text.Length > 0 || choice.Logprobs is not null || choice.FinishReason is not null)
            {
                ReceiptBody? receipt = choice.FinishReason is null ? null : ReceiptBody.Of(run.Receipt with { Seed = choice.Seed });
                await EventStream.WriteAsync(response, Chunk(head, run, [choice], StreamUsage.Of(call.Stream.IncludeUsage, null), receipt), context.RequestAborted);
            }
        }

        Usage usage = UsageOf(call, answers);
        meter.End(usage);
        if (call.Stream.IncludeUsage)
        {
            await EventStream.WriteAsync(response, Chunk(head, run, [], new StreamUsage(usage), null), context.RequestAborted);
        }

        await EventStream.EndAsync(response, context.RequestAborted);
    }

    private static TextChunk Chunk(AnswerHead head, CompletionRun run, IReadOnlyList<TextChoice> choices, StreamUsage? usage, ReceiptBody? receipt) =>
        new(head.Id, TextCompletion.Kind, head.Created, run.ModelName, choices, usage, head.SystemFingerprint, receipt);

    // A prompt is read once for each of its answers, and counted once.
    private static Usage UsageOf(CompletionCall call, TextAnswer[] answers) => Usage.Of(
        answers.Where((_, i) => i % call.PerPrompt == 0).Sum(a => (long)a.PromptTokens), answers.Sum(a => (long)a.Tokens));
}
