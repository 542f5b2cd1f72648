using System.CommandLine;
using System.Text.Json;
using SkPeft.Adapters.Store;
using SkPeft.Engine;
using SkPeft.Engine.Scheduling;
using SkPeft.Host.Benchmarks;
using SkPeft.Host.Output;
using SkPeft.Tensors.Kernels;

namespace SkPeft.Host.Commands;

/// <summary><c>skpeft bench traffic</c>.</summary>
internal static class BenchTrafficCommand
{
    public static Command Create(ToolConsole console)
    {
        Argument<string> model = Options.Model();
        Option<int> skills = Options.Whole("--skills", "Skills in the store, each with an adapter of its own.", 100, 1, 10_000);
        Option<int> resident = Options.Whole("--resident", "Adapters that the byte budget has room for.", 32, 1, 10_000);
        Option<float> exponent = Options.Number("--zipf", "S", "How popularity falls off: the k-th skill is asked 1 / k^S as often as the first.", 1, s => s >= 0, "0 or more");
        Option<string> methods = Options.Methods("lora");
        Option<int> concurrency = Options.Whole("--concurrency", "Requests at the same time.", 16, 1, 1024);
        Option<int> requests = Options.Whole("--requests", "Requests of a measurement.", 200, 1);
        Option<int> prompt = Options.Whole("--prompt-tokens", "Tokens of each prompt.", 128, 1);
        Option<int> answer = Options.Whole("--new-tokens", "Tokens of each answer.", 32, 2);
        Option<int> threads = Options.Whole("--threads", "Worker threads.", 2, 1, 256);
        Option<Precision> precision = Options.PrecisionOf(Precision.Fast);
        Option<int> repeat = Options.Whole("--repeat", "Measurements of each side, in turn, after one that is not counted.", 5, 1, 10_000);
        Option<bool> json = Options.Json();
        Command command = new("traffic", "Many skills, few of them in memory, asked by popularity, against one resident adapter at the same load.")
        {
            model, skills, resident, exponent, methods, concurrency, requests, prompt, answer, threads, precision, repeat, json,
        };
        command.SetAction(async (result, cancellation) =>
        {
            int together = result.GetValue(concurrency), count = result.GetValue(requests), registered = result.GetValue(skills);
            using LanguageModel opened = LanguageModel.Open(result.GetValue(model)!, new LanguageModelOptions
            {
                Precision = result.GetValue(precision), Threads = result.GetValue(threads), Scheduler = new SchedulerOptions { MaxRunning = together },
            });
            using BenchStore store = new(opened, BenchAdapters.ReadMethods(result.GetValue(methods)!));
            for (int i = 0; i < registered; i++)
            {
                store.Add(i, BenchStore.NameOf(i), cancellation);
            }

            using AdapterResidency residency = store.Residency(result.GetValue(resident) * await store.MeasureAsync(BenchStore.NameOf(0), cancellation));
            Burst burst = new(opened, result.GetValue(prompt), result.GetValue(answer));
            Zipf popularity = new(registered, result.GetValue(exponent));
            List<BurstResult> single = [], many = [];
            ResidencyStatistics before = residency.Statistics;
            for (int i = 0; i <= result.GetValue(repeat); i++)
            {
                using (IAdapterLease kept = await residency.LeaseAsync(BenchStore.NameOf(0), cancellation))
                {
                    BurstResult one = await burst.RunAsync(count, together, 2 * i, _ => kept.Adapter, cancellation);
                    if (i > 0)
                    {
                        single.Add(one);
                    }
                }

                if (i == 1)
                {
                    before = residency.Statistics;
                }

                Random random = new(i);
                int[] asked = [.. Enumerable.Range(0, count).Select(_ => popularity.Next(random))];
                BurstResult all = await burst.RunAsync(count, together, (2 * i) + 1, async r =>
                {
                    IAdapterLease lease = await residency.LeaseAsync(BenchStore.NameOf(asked[r]), cancellation);
                    return (lease.Adapter, lease);
                }, cancellation);
                if (i > 0)
                {
                    many.Add(all);
                }
            }

            TrafficFigures figures = TrafficFigures.Of(single, many, before, residency.Statistics);
            if (result.GetValue(json))
            {
                console.WriteJson(figures.Write);
            }
            else
            {
                console.Out.WriteLine($"{registered} skills, {result.GetValue(resident)} in memory: {figures.HitRate:P1} of {many.Count * count} requests found theirs there; {figures.Evictions} evictions");
                console.Out.WriteLine($"time to first token: median {figures.First50:F0} ms, 99th percentile {figures.First99:F0} ms; one resident adapter: {figures.SingleFirst50:F0} and {figures.SingleFirst99:F0} ms; ratio of the 99th {figures.Ratio:F2}");
                console.Out.WriteLine($"{figures.Tokens:F1} tokens/s; one resident adapter: {figures.SingleTokens:F1}; between tokens, 99th percentile: {figures.Gap99:F1} and {figures.SingleGap99:F1} ms");
            }

            return 0;
        });
        return command;
    }

    private sealed record TrafficFigures(
        double HitRate, long Evictions, double First50, double First99, double SingleFirst50, double SingleFirst99, double Gap99, double SingleGap99, double Tokens, double SingleTokens, long Bytes)
    {
        public double Ratio => SingleFirst99 > 0 ? First99 / SingleFirst99 : 0;

        public static TrafficFigures Of(List<BurstResult> single, List<BurstResult> many, ResidencyStatistics before, ResidencyStatistics after)
        {
            double hits = after.Hits - before.Hits, loads = after.Loads - before.Loads;
            double First(List<BurstResult> of, double percent) => 1000 * Figures.Percentile(of.SelectMany(b => b.FirstTokens), percent);
            double Gap(List<BurstResult> of) => 1000 * Figures.Percentile(of.SelectMany(b => b.Gaps), 99);
            return new TrafficFigures(
                hits / Math.Max(1, hits + loads), after.Evictions.Values.Sum() - before.Evictions.Values.Sum(),
                First(many, 50), First(many, 99), First(single, 50), First(single, 99), Gap(many), Gap(single),
                Figures.Median(many.Select(b => b.TokensPerSecond)), Figures.Median(single.Select(b => b.TokensPerSecond)), after.ResidentBytes);
        }

        public void Write(Utf8JsonWriter writer)
        {
            writer.WriteStartObject();
            writer.WriteNumber("hit_rate", HitRate);
            writer.WriteNumber("evictions", Evictions);
            WriteSide(writer, "single", SingleTokens, SingleFirst50, SingleFirst99, SingleGap99);
            WriteSide(writer, "traffic", Tokens, First50, First99, Gap99);
            writer.WriteNumber("ttft_p99_ratio", Ratio);
            writer.WriteNumber("resident_bytes", Bytes);
            writer.WriteEndObject();
        }

        private static void WriteSide(Utf8JsonWriter writer, string name, double tokens, double first50, double first99, double gap99)
        {
            writer.WriteStartObject(name);
            writer.WriteNumber("tokens_per_s", tokens);
            writer.WriteStartObject("ttft_ms");
            writer.WriteNumber("p50", first50);
            writer.WriteNumber("p99", first99);
            writer.WriteEndObject();
            writer.WriteNumber("inter_token_ms_p99", gap99);
            writer.WriteEndObject();
        }
    }
}
