using System.CommandLine;
using System.Diagnostics;
using SkPeft.Adapters.Store;
using SkPeft.Engine;
using SkPeft.Engine.Generation;
using SkPeft.Host.Benchmarks;
using SkPeft.Host.Output;
using SkPeft.Tensors.Kernels;

namespace SkPeft.Host.Commands;

/// <summary><c>skpeft bench swap</c>.</summary>
internal static class BenchSwapCommand
{
    private const string Name = "skill";

    // People promote now and then. What the system does after a promotion belongs neither to the next one nor to the request it is compared to.
    private static readonly TimeSpan s_apart = TimeSpan.FromMilliseconds(750);

    public static Command Create(ToolConsole console)
    {
        Argument<string> model = Options.Model();
        Option<string> method = new("--method")
        {
            HelpName = "NAME", Description = "The versions' method; name=adapter_config.json gives it a configuration.", DefaultValueFactory = _ => "lora",
        };
        Option<int> prompt = Options.Whole("--prompt-tokens", "Tokens of each prompt.", 32, 1);
        Option<int> threads = Options.Whole("--threads", "Worker threads.", 2, 1, 256);
        Option<Precision> precision = Options.PrecisionOf(Precision.Fast);
        Option<int> repeat = Options.Whole("--repeat", "Promotions, each to a version that is not in memory, after one that is not counted.", 15, 1, 1000);
        Option<bool> json = Options.Json();
        Command command = new("swap", "From the promotion of a version that is not in memory to the first token of a request on it, against a request on a resident one.")
        {
            model, method, prompt, threads, precision, repeat, json,
        };
        command.SetAction(async (result, cancellation) =>
        {
            using LanguageModel opened = LanguageModel.Open(result.GetValue(model)!, new LanguageModelOptions
            {
                Precision = result.GetValue(precision), Threads = result.GetValue(threads),
            });
            int promotions = result.GetValue(repeat);
            using BenchStore store = new(opened, BenchAdapters.ReadMethods(result.GetValue(method)!, method.Name), method.Name);
            long bytes = 0;
            for (int i = 0; i <= promotions; i++)
            {
                bytes = store.Add(i, Name, cancellation).Bytes;
            }

            using AdapterResidency residency = store.Residency(1L << 40);
            List<double> promoted = [], resident = [];
            for (int i = 0; i <= promotions; i++)
            {
                await Task.Delay(s_apart, cancellation);
                long start = Stopwatch.GetTimestamp();
                store.Store.Promote($"{Name}@{i + 1}", AdapterReference.DefaultAlias);
                double first = await FirstTokenAsync(opened, residency, result.GetValue(prompt), (2 * i) + 1, start, cancellation);
                await Task.Delay(s_apart, cancellation);
                double again = await FirstTokenAsync(opened, residency, result.GetValue(prompt), (2 * i) + 2, Stopwatch.GetTimestamp(), cancellation);
                if (i > 0)
                {
                    promoted.Add(first);
                    resident.Add(again);
                }
            }

            double above = Figures.Median(promoted.Zip(resident, (p, r) => p - r));
            if (result.GetValue(json))
            {
                console.WriteJson(writer =>
                {
                    writer.WriteStartObject();
                    writer.WriteNumber("file_bytes", bytes);
                    writer.WriteNumber("promoted_ms", Figures.Median(promoted));
                    writer.WriteNumber("resident_ms", Figures.Median(resident));
                    writer.WriteNumber("above_ms", above);
                    writer.WriteNumber("above_ms_p99", Figures.Percentile(promoted.Zip(resident, (p, r) => p - r), 99));
                    writer.WriteEndObject();
                });
            }
            else
            {
                console.Out.WriteLine($"promotion to first token: {Figures.Median(promoted):F1} ms ({bytes / 1e6:F1} MB a version); on a resident version {Figures.Median(resident):F1} ms; above it {above:F1} ms (medians of {promotions})");
            }

            return 0;
        });
        return command;
    }

    private static async Task<double> FirstTokenAsync(LanguageModel model, AdapterResidency residency, int tokens, int seed, long start, CancellationToken cancellation)
    {
        Random random = new(seed);
        using IAdapterLease lease = await residency.LeaseAsync($"{Name}@{AdapterReference.DefaultAlias}", cancellation);
        GenerationRequest request = new()
        {
            Prompt = [.. Enumerable.Range(0, tokens).Select(_ => random.Next(model.Config.Sizes.VocabularySize))], MaxTokens = 1, EndIds = new HashSet<int>(), Adapter = lease.Adapter,
        };
        await foreach (GenerationUpdate _ in model.Engine.GenerateAsync(request, cancellation))
        {
        }

        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }
}
