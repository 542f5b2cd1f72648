using System.CommandLine;
using System.Text.Json;
using SkPeft.Engine;
using SkPeft.Engine.Scheduling;
using SkPeft.Host.Benchmarks;
using SkPeft.Host.Output;
using SkPeft.Tensors.Kernels;

namespace SkPeft.Host.Commands;

/// <summary><c>skpeft bench serve</c>.</summary>
internal static class BenchServeCommand
{
    public static Command Create(ToolConsole console)
    {
        Argument<string> model = Options.Model();
        Option<int> tenants = Options.Whole("--tenants", "Adapters, one a tenant.", 16, 1, 1024);
        Option<string> methods = Options.Methods("lora,prefix,prompt,iapt");
        Option<int> prompt = Options.Whole("--prompt-tokens", "Tokens of each prompt.", 128, 1);
        Option<int> answer = Options.Whole("--new-tokens", "Tokens of each answer.", 64, 2);
        Option<int> concurrency = Options.Whole("--concurrency", "Requests at the same time.", 16, 1, 1024);
        Option<int> threads = Options.Whole("--threads", "Worker threads.", 2, 1, 256);
        Option<Precision> precision = Options.PrecisionOf(Precision.Fast);
        Option<int> repeat = Options.Whole("--repeat", "Measurements of each side, in turn, after one that is not counted.", 5, 1, 10_000);
        Option<bool> json = Options.Json();
        Command command = new("serve", "Many tenants on one base against the bare base with the same requests, both measured in turn.")
        {
            model, tenants, methods, prompt, answer, concurrency, threads, precision, repeat, json,
        };
        command.SetAction(async (result, cancellation) =>
        {
            int count = result.GetValue(tenants), together = result.GetValue(concurrency), requests = Math.Max(count, together);
            using LanguageModel opened = LanguageModel.Open(result.GetValue(model)!, new LanguageModelOptions
            {
                Precision = result.GetValue(precision),
                Threads = result.GetValue(threads),
                Scheduler = new SchedulerOptions { MaxRunning = together },
            });
            string[] names = BenchAdapters.ReadMethods(result.GetValue(methods)!);
            using BenchAdapters files = new(opened, names);
            using BenchTenants adapters = await BenchTenants.LoadAsync(opened, files, count, cancellation);
            Burst burst = new(opened, result.GetValue(prompt), result.GetValue(answer));
            List<BurstResult> bare = [], served = [];
            for (int i = 0; i <= result.GetValue(repeat); i++)
            {
                BurstResult one = await burst.RunAsync(requests, together, 2 * i, _ => null, cancellation);
                BurstResult many = await burst.RunAsync(requests, together, (2 * i) + 1, r => adapters.Adapters[r % count], cancellation);
                if (i > 0)
                {
                    bare.Add(one);
                    served.Add(many);
                }
            }

            ServeFigures figures = ServeFigures.Of(bare, served, adapters.Adapters.Sum(a => a.Bytes));
            if (result.GetValue(json))
            {
                console.WriteJson(figures.Write);
            }
            else
            {
                console.Out.WriteLine($"bare base: {figures.Base:F1} tokens/s; {count} tenants ({string.Join(", ", names)}): {figures.Tenants:F1} tokens/s; ratio {figures.Ratio:F3}");
                console.Out.WriteLine($"decode alone: {figures.BaseDecode:F1} and {figures.TenantsDecode:F1} tokens/s; ratio {figures.DecodeRatio:F3}");
                console.Out.WriteLine($"time to first token: median {figures.First50:F0} ms, 99th percentile {figures.First99:F0} ms; between tokens: {figures.Gap50:F1} and {figures.Gap99:F1} ms");
            }

            return 0;
        });
        return command;
    }

    private sealed record ServeFigures(
        double Base, double Tenants, double Ratio, double BaseDecode, double TenantsDecode, double DecodeRatio, double First50, double First99, double Gap50, double Gap99, long Bytes)
    {
        public static ServeFigures Of(List<BurstResult> bare, List<BurstResult> served, long bytes)
        {
            double[] firsts = [.. served.SelectMany(b => b.FirstTokens)], gaps = [.. served.SelectMany(b => b.Gaps)];
            return new ServeFigures(
                Figures.Median(bare.Select(b => b.TokensPerSecond)),
                Figures.Median(served.Select(b => b.TokensPerSecond)),
                Figures.Median(bare.Zip(served, (a, b) => b.TokensPerSecond / a.TokensPerSecond)),
                Figures.Median(bare.Select(b => b.DecodeTokensPerSecond)),
                Figures.Median(served.Select(b => b.DecodeTokensPerSecond)),
                Figures.Median(bare.Zip(served, (a, b) => a.DecodeTokensPerSecond > 0 ? b.DecodeTokensPerSecond / a.DecodeTokensPerSecond : 0)),
                1000 * Figures.Percentile(firsts, 50), 1000 * Figures.Percentile(firsts, 99),
                1000 * Figures.Percentile(gaps, 50), 1000 * Figures.Percentile(gaps, 99), bytes);
        }

        public void Write(Utf8JsonWriter writer)
        {
            writer.WriteStartObject();
            writer.WriteNumber("base_tokens_per_s", Base);
            writer.WriteNumber("tenants_tokens_per_s", Tenants);
            writer.WriteNumber("ratio", Ratio);
            writer.WriteNumber("base_decode_tokens_per_s", BaseDecode);
            writer.WriteNumber("tenants_decode_tokens_per_s", TenantsDecode);
            writer.WriteNumber("decode_ratio", DecodeRatio);
            writer.WriteStartObject("ttft_ms");
            writer.WriteNumber("p50", First50);
            writer.WriteNumber("p99", First99);
            writer.WriteEndObject();
            writer.WriteStartObject("inter_token_ms");
            writer.WriteNumber("p50", Gap50);
            writer.WriteNumber("p99", Gap99);
            writer.WriteEndObject();
            writer.WriteNumber("adapter_bytes", Bytes);
            writer.WriteEndObject();
        }
    }
}
