using System.Text;
using System.Text.Json;
using Spectre.Console;
using SkPeft.Connectors.Receipts;
using SkPeft.Engine.Generation;
using SkPeft.Host.Models;
using SkPeft.Host.Output;
using SkPeft.Host.Receipts;

namespace SkPeft.Host.Generation;

/// <summary>Runs <c>generate</c>: streams the text for people, or prints everything at the end as JSON.</summary>
internal sealed class Generator(ToolConsole console)
{
    public async Task<int> RunAsync(GenerateRequest request, CancellationToken cancellation)
    {
        using ModelSession session = await ModelSession.OpenAsync(request.Session, cancellation);
        PromptIds prompt = PromptIds.Of(request, session);
        if (request.Stop.Count > 0)
        {
            // Texts are looked for in text.
            _ = session.Tokenizer;
        }

        GenerationRequest generation = new()
        {
            Prompt = prompt.Ids,
            InstructionTokens = prompt.InstructionTokens,
            Adapter = session.Adapter,
            Sampling = request.Sampling,
            MaxTokens = request.MaxTokens,
            Stop = request.Stop,
            PromptLookup = request.PromptLookup,
        };
        StringBuilder text = new();
        List<int> ids = [];
        GenerationUpdate? last = null;
        await foreach (GenerationUpdate update in session.Model.Engine.GenerateAsync(generation, cancellation))
        {
            last = update;
            text.Append(update.Text);
            if (update.Token is { } token)
            {
                ids.Add(token.Id);
            }

            if (!request.Json)
            {
                console.Out.Write(update.Text);
                console.Flush();
            }
        }

        if (request.Json)
        {
            console.WriteJson(json => Write(json, session, prompt, text.ToString(), ids, last!));
        }
        else
        {
            console.Out.WriteLine();
            console.Flush();
            Summarise(session, prompt, last!);
        }

        return 0;
    }

    private static void Write(Utf8JsonWriter json, ModelSession session, PromptIds prompt, string text, List<int> ids, GenerationUpdate last)
    {
        GenerationTimings timings = last.Timings!;
        json.WriteStartObject();
        json.WriteString("text", text);
        JsonText.Ids(json, "ids", ids);
        JsonText.Ids(json, "prompt_ids", prompt.Ids);
        json.WriteString("finish_reason", NameOf(last.Finish));
        ReceiptJson.Write(json, "receipt", ReceiptOf(session, prompt));
        json.WriteStartObject("timings");
        json.WriteNumber("load_ms", Math.Round(session.LoadTime.TotalMilliseconds, 3));
        json.WriteNumber("prefill_tokens_per_s", Math.Round(timings.PrefillTokensPerSecond, 3));
        json.WriteNumber("decode_tokens_per_s", Math.Round(timings.DecodeTokensPerSecond, 3));
        json.WriteEndObject();
        json.WriteNumber("seed", timings.Seed);
        json.WriteEndObject();
    }

    private void Summarise(ModelSession session, PromptIds prompt, GenerationUpdate last)
    {
        GenerationTimings timings = last.Timings!;
        console.Remarks.WriteLine(
            $"{prompt.Ids.Count} prompt tokens at {timings.PrefillTokensPerSecond:F0}/s, {timings.DecodedTokens + 1} generated at " +
            $"{timings.DecodeTokensPerSecond:F1}/s, loaded in {session.LoadTime.TotalMilliseconds:F0} ms, finish: {NameOf(last.Finish)}, seed {timings.Seed}");
        if (ReceiptOf(session, prompt) is { } receipt)
        {
            ReceiptLines.Write(console.Remarks, receipt);
        }
    }

    private static Receipt? ReceiptOf(ModelSession session, PromptIds prompt) =>
        session.Receipt is { } receipt && prompt.Warning is { } warning ? receipt with { Warnings = [.. receipt.Warnings, warning] } : session.Receipt;

    private static string NameOf(FinishReason? finish) => finish == FinishReason.Stop ? "stop" : "length";
}
