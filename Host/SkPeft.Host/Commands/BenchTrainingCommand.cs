using System.CommandLine;
using System.Text.Json;
using SkPeft.Engine;
using SkPeft.Engine.Scheduling;
using SkPeft.Host.Benchmarks;
using SkPeft.Host.Output;
using SkPeft.Tensors.Kernels;

namespace SkPeft.Host.Commands;

/// <summary><c>skpeft bench training</c>.</summary>
internal static class BenchTrainingCommand
{
    public static Command Create(ToolConsole console)
    {
        Argument<string> model = Options.Model();
        Option<string> methods = Options.Methods("lora");
        Option<int> concurrency = Options.Whole("--concurrency", "Requests at the same time.", 4, 1, 1024);
        Option<int> requests = Options.Whole("--requests", "Requests of a measurement.", 32, 1);
        Option<int> prompt = Options.Whole("--prompt-tokens", "Tokens of each prompt.", 128, 1);
        Option<int> answer = Options.Whole("--new-tokens", "Tokens of each answer.", 32, 2);
        Option<int> threads = Options.Whole("--threads", "Worker threads of serving.", 1, 1, 256);
        Option<int> learning = Options.Whole("--training-threads", "Threads of the training.", 1, 1, 256);
        Option<int> batch = Options.Whole("--batch", "Lines of a training step.", 8, 1, 1024);
        Option<int> line = Options.Whole("--line-tokens", "Tokens of a line.", 32, 2);
        Option<Precision> precision = Options.PrecisionOf(Precision.Fast);
        Option<int> repeat = Options.Whole("--repeat", "Measurements of each side, in turn, after one that is not counted.", 5, 1, 10_000);
        Option<bool> json = Options.Json();
        Command command = new("training", "Requests to the bare base while an adapter is trained in the same process, against the same while none is.")
        {
            model, methods, concurrency, requests, prompt, answer, threads, learning, batch, line, precision, repeat, json,
        };
        command.SetAction(async (result, cancellation) =>
        {
            int together = result.GetValue(concurrency), count = result.GetValue(requests);
            using LanguageModel opened = LanguageModel.Open(result.GetValue(model)!, new LanguageModelOptions
            {
                Precision = result.GetValue(precision), Threads = result.GetValue(threads), Scheduler = new SchedulerOptions { MaxRunning = together },
            });
            using BenchAdapters adapters = new(opened, BenchAdapters.ReadMethods(result.GetValue(methods)!));
            Burst burst = new(opened, result.GetValue(prompt), result.GetValue(answer));
            List<BurstResult> alone = [], beside = [];
            List<double> learned = [];
            for (int i = 0; i <= result.GetValue(repeat); i++)
            {
                BurstResult one = await burst.RunAsync(count, together, 2 * i, _ => null, cancellation);
                await using RunningTraining training = await RunningTraining.BeginAsync(
                    opened, adapters, result.GetValue(learning), result.GetValue(batch), result.GetValue(line));
                BurstResult other = await burst.RunAsync(count, together, (2 * i) + 1, _ => null, cancellation);
                if (i > 0)
                {
                    alone.Add(one);
                    beside.Add(other);
                    learned.Add(training.TokensPerSecond);
                }
            }

            Side without = Side.Of(alone), with = Side.Of(beside);
            if (result.GetValue(json))
            {
                console.WriteJson(writer =>
                {
                    writer.WriteStartObject();
                    without.Write(writer, "alone");
                    with.Write(writer, "beside_training");
                    writer.WriteNumber("training_tokens_per_s", Figures.Median(learned));
                    writer.WriteEndObject();
                });
            }
            else
            {
                console.Out.WriteLine($"alone:           {without}");
                console.Out.WriteLine($"beside training: {with}");
                console.Out.WriteLine($"training:        {Figures.Median(learned):F0} tokens/s meanwhile");
            }

            return 0;
        });
        return command;
    }

    private sealed record Side(double Tokens, double First50, double First99, double Gap50, double Gap99)
    {
        public static Side Of(IReadOnlyList<BurstResult> bursts)
        {
            double First(double percent) => 1000 * Figures.Percentile(bursts.SelectMany(b => b.FirstTokens), percent);
            double Gap(double percent) => 1000 * Figures.Percentile(bursts.SelectMany(b => b.Gaps), percent);
            return new Side(Figures.Median(bursts.Select(b => b.TokensPerSecond)), First(50), First(99), Gap(50), Gap(99));
        }

        public void Write(Utf8JsonWriter writer, string name)
        {
            writer.WriteStartObject(name);
            writer.WriteNumber("tokens_per_s", Tokens);
            WritePair(writer, "ttft_ms", First50, First99);
            WritePair(writer, "inter_token_ms", Gap50, Gap99);
            writer.WriteEndObject();
        }

        public override string ToString() =>
            $"{Tokens:F1} tokens/s; first token p50 {First50:F0}, p99 {First99:F0} ms; between tokens p50 {Gap50:F1}, p99 {Gap99:F1} ms";

        private static void WritePair(Utf8JsonWriter writer, string name, double median, double high)
        {
            writer.WriteStartObject(name);
            writer.WriteNumber("p50", median);
            writer.WriteNumber("p99", high);
            writer.WriteEndObject();
        }
    }
}
