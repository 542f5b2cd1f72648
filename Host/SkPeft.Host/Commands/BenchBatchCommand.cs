using System.CommandLine;
using SkPeft.Engine;
using SkPeft.Engine.Scheduling;
using SkPeft.Host.Benchmarks;
using SkPeft.Host.Output;
using SkPeft.Tensors.Kernels;

namespace SkPeft.Host.Commands;

/// <summary><c>skpeft bench batch</c>.</summary>
internal static class BenchBatchCommand
{
    public static Command Create(ToolConsole console)
    {
        Argument<string> model = Options.Model();
        Option<int> batch = Options.Whole("--batch", "Answers at the same time.", 8, 1, 1024);
        Option<int> prompt = Options.Whole("--prompt-tokens", "Tokens of each prompt.", 16, 1);
        Option<int> answer = Options.Whole("--new-tokens", "Tokens of each answer.", 32, 2);
        Option<int> threads = Options.Whole("--threads", "Worker threads.", 2, 1, 256);
        Option<Precision> precision = Options.PrecisionOf(Precision.Fast);
        Option<int> repeat = Options.Whole("--repeat", "Measurements, after one that is not counted.", 5, 1, 10_000);
        Option<bool> json = Options.Json();
        Command command = new("batch", "Tokens a second over several answers that are generated together; their prompts are not counted.")
        {
            model, batch, prompt, answer, threads, precision, repeat, json,
        };
        command.SetAction(async (result, cancellation) =>
        {
            int count = result.GetValue(batch);
            using LanguageModel opened = LanguageModel.Open(result.GetValue(model)!, new LanguageModelOptions
            {
                Precision = result.GetValue(precision),
                Threads = result.GetValue(threads),
                Scheduler = new SchedulerOptions { MaxRunning = count, PrefixCacheBytes = 0 },
            });
            Burst burst = new(opened, result.GetValue(prompt), result.GetValue(answer));
            List<double> runs = [];
            for (int i = 0; i <= result.GetValue(repeat); i++)
            {
                BurstResult measured = await burst.RunAsync(count, count, i, _ => null, cancellation);
                if (i > 0)
                {
                    runs.Add(measured.DecodeTokensPerSecond);
                }
            }

            double median = Figures.Median(runs);
            if (result.GetValue(json))
            {
                console.WriteJson(writer =>
                {
                    writer.WriteStartObject();
                    writer.WriteNumber("batch", count);
                    writer.WriteNumber("tokens_per_s", median);
                    writer.WriteStartArray("runs");
                    runs.ForEach(writer.WriteNumberValue);
                    writer.WriteEndArray();
                    writer.WriteEndObject();
                });
            }
            else
            {
                console.Out.WriteLine($"batch of {count}: {median:F1} tokens/s (median of {string.Join(", ", runs.Select(r => r.ToString("F1")))})");
            }

            return 0;
        });
        return command;
    }
}
