using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using SkPeft.Engine;
using SkPeft.Engine.Generation;
using SkPeft.Tensors.Kernels;

namespace SkPeft.Bench;

/// <summary>Answers to the prompts of a data file, one at a time, with and without guesses by prompt lookup, in alternation.</summary>
internal static class LookupCommand
{
    private const int Lines = 24;
    private const int NewTokens = 64;
    private static readonly int[] s_guesses = [2, 4, 8];

    public static async Task<int> RunAsync(string model, PeerOptions options)
    {
        if (options.Data is null)
        {
            Console.Error.WriteLine("--data is missing: a JSONL file whose lines have a prompt.");
            return 2;
        }

        using LanguageModel opened = LanguageModel.Open(model, new LanguageModelOptions { Threads = options.Threads, Precision = Precision.Fast });
        IReadOnlyList<int>[] prompts = [.. File.ReadLines(options.Data).Take(Lines).Select(l => Encode(opened, l))];
        Dictionary<int, List<double>> seconds = s_guesses.Prepend(0).ToDictionary(g => g, _ => new List<double>());
        Dictionary<int, int> same = s_guesses.ToDictionary(g => g, _ => 0);
        for (int i = 0; i <= options.Repeat; i++)
        {
            List<int>[] plain = [];
            foreach (int guesses in seconds.Keys)
            {
                List<List<int>> answers = [];
                double time = 0;
                foreach (IReadOnlyList<int> prompt in prompts)
                {
                    (List<int> ids, double decode) = await AskAsync(opened, prompt, guesses);
                    answers.Add(ids);
                    time += decode;
                }

                plain = guesses == 0 ? [.. answers] : plain;
                if (i > 0)
                {
                    seconds[guesses].Add(time);
                }
                else if (guesses > 0)
                {
                    same[guesses] = answers.Zip(plain).Count(p => p.First.SequenceEqual(p.Second));
                }
            }
        }

        StringBuilder text = new();
        text.AppendLine(CultureInfo.InvariantCulture, $"# Prompt lookup, {Path.GetFileName(model)}, {options.Threads} threads, medians of {options.Repeat} alternated runs");
        text.AppendLine();
        text.AppendLine(CultureInfo.InvariantCulture, $"CPU: {Machine.Cpu()}; .NET {Environment.Version}; the first {prompts.Length} prompts of {Path.GetFileName(Path.GetDirectoryName(Path.GetFullPath(options.Data)))}, at most {NewTokens} greedy tokens each, one at a time; time behind the first token; load {Machine.Load()}.");
        text.AppendLine();
        text.AppendLine("| guesses at a time | seconds (min – max) | times as fast | same answers |");
        text.AppendLine("|---|---|---|---|");
        double bare = Statistics.Median(seconds[0]);
        foreach ((int guesses, List<double> times) in seconds)
        {
            text.AppendLine(CultureInfo.InvariantCulture,
                $"| {guesses} | {Statistics.Median(times):F2} ({times.Min():F2} – {times.Max():F2}) | {bare / Statistics.Median(times):F2} | {(guesses == 0 ? "–" : $"{same[guesses]} of {prompts.Length}")} |");
        }

        Console.Write(text);
        if (options.Out is not null)
        {
            Directory.CreateDirectory(options.Out);
            await File.WriteAllTextAsync(Path.Combine(options.Out, $"lookup-{Path.GetFileNameWithoutExtension(model)}.md"), text.ToString());
        }

        return 0;
    }

    private static IReadOnlyList<int> Encode(LanguageModel model, string line)
    {
        using JsonDocument document = JsonDocument.Parse(line);
        return model.Tokenizer!.Encode($"{document.RootElement.GetProperty("prompt").GetString()}\nSummary:");
    }

    private static async Task<(List<int> Ids, double Seconds)> AskAsync(LanguageModel model, IReadOnlyList<int> prompt, int guesses)
    {
        List<int> ids = [];
        long first = 0;
        await foreach (GenerationUpdate update in model.Engine.GenerateAsync(new GenerationRequest { Prompt = prompt, MaxTokens = NewTokens, PromptLookup = guesses }))
        {
            first = ids.Count == 0 ? Stopwatch.GetTimestamp() : first;
            ids.Add(update.Token!.Value.Id);
        }

        return (ids, Stopwatch.GetElapsedTime(first).TotalSeconds);
    }
}
