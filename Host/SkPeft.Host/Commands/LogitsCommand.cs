using System.CommandLine;
using SkPeft.Host.Inputs;
using SkPeft.Host.Models;
using SkPeft.Host.Output;
using SkPeft.Tensors.Formats;
using SkPeft.Tensors.Kernels;

namespace SkPeft.Host.Commands;

/// <summary><c>skpeft logits</c>: the logits behind every token of given prompts.</summary>
internal static class LogitsCommand
{
    public static Command Create(ToolConsole console)
    {
        Argument<string> model = Options.Model();
        Option<string> inputs = new("--inputs") { HelpName = "inputs.json", Required = true, Description = "{ \"prompts\": [[1, 2, 3], …], \"prompt_len\": [2, …] }; prompt_len: how many tokens are the instruction." };
        Option<string> output = new("--out") { HelpName = "FILE.safetensors", Required = true, Description = "Gets logits.{i} (tokens × vocabulary) for every prompt i; scores.{i} (classes) where the adapter classifies." };
        Option<string?> adapter = Options.Adapter(), store = Options.Store();
        Option<int?> task = Options.TaskId();
        Option<Precision> precision = Options.PrecisionOf(Precision.Exact);
        Option<int?> threads = Options.Threads();
        Option<bool> json = Options.Json();
        Command command = new("logits", "Write the logits of given token ids.") { model, inputs, output, adapter, store, task, precision, threads, json };
        command.SetAction(async (result, cancellation) =>
        {
            PromptList prompts = PromptList.Read(result.GetValue(inputs)!);
            string file = OutputFile.Check(result.GetValue(output)!);
            SessionOptions options = new(result.GetValue(model)!, result.GetValue(precision), result.GetValue(adapter), result.GetValue(store), result.GetValue(threads), result.GetValue(task));
            using ModelSession session = await ModelSession.OpenAsync(options, cancellation);
            List<SafetensorsEntry> entries = [];
            for (int i = 0; i < prompts.Prompts.Count; i++)
            {
                entries.Add(session.Adapter is { Labels.Count: > 0 }
                    ? await ScoresAsync(session, $"scores.{i}", prompts.Prompts[i], prompts.InstructionTokens?[i], cancellation)
                    : await EntryAsync(session, $"logits.{i}", prompts.Prompts[i], prompts.InstructionTokens?[i], cancellation));
            }

            SafetensorsWriter.Write(file, entries);
            Report(console, result.GetValue(json), file, entries, session);
            return 0;
        });
        return command;
    }

    private static async Task<SafetensorsEntry> EntryAsync(ModelSession session, string name, int[] prompt, int? instruction, CancellationToken cancellation)
    {
        int vocabulary = session.Model.Config.Sizes.VocabularySize;
        float[] values = (long)prompt.Length * vocabulary <= Array.MaxLength
            ? new float[prompt.Length * vocabulary]
            : throw new InvalidOptionException(name, $"{prompt.Length} tokens", $"at most {Array.MaxLength / vocabulary} tokens of a vocabulary of {vocabulary}");
        await session.Model.Engine.VisitLogitsAsync(
            prompt, session.Adapter, 0, (index, logits) => logits.CopyTo(values.AsSpan(index * vocabulary)), instruction, cancellationToken: cancellation);
        return SafetensorsEntry.Of(name, [prompt.Length, vocabulary], values);
    }

    private static async Task<SafetensorsEntry> ScoresAsync(ModelSession session, string name, int[] prompt, int? instruction, CancellationToken cancellation)
    {
        float[] scores = await session.Model.Engine.ClassifyAsync(prompt, session.Adapter!, instruction, cancellationToken: cancellation);
        return SafetensorsEntry.Of(name, [scores.Length], scores);
    }

    private static string Describe(List<SafetensorsEntry> entries) => entries[0].Shape.Count == 1
        ? $"{entries[0].Shape[0]} scores each"
        : $"{entries.Sum(e => e.Shape[0])} × {entries[0].Shape[1]} logits";

    private static void Report(ToolConsole console, bool asJson, string file, List<SafetensorsEntry> entries, ModelSession session)
    {
        if (!asJson)
        {
            console.Out.WriteLine($"{file}: {entries.Count} tensors, {Describe(entries)}");
            return;
        }

        console.WriteJson(json =>
        {
            json.WriteStartObject();
            json.WriteString("file", file);
            JsonText.Strings(json, "tensors", entries.Select(e => e.Name));
            Receipts.ReceiptJson.Write(json, "receipt", session.Receipt);
            json.WriteEndObject();
        });
    }
}
