using System.CommandLine;
using SkPeft.Engine;
using SkPeft.Engine.Generation;
using SkPeft.Engine.Scheduling;
using SkPeft.Host.Benchmarks;
using SkPeft.Host.Output;
using SkPeft.Tensors.Kernels;

namespace SkPeft.Host.Commands;

/// <summary><c>skpeft bench memory</c>.</summary>
internal static class BenchMemoryCommand
{
    public static Command Create(ToolConsole console)
    {
        Argument<string> model = Options.Model();
        Option<int> tenants = Options.Whole("--tenants", "Adapters, one a tenant; each is asked once.", 20, 1, 1024);
        Option<string> methods = Options.Methods("lora");
        Option<int> prompt = Options.Whole("--prompt-tokens", "Tokens of each prompt.", 128, 1);
        Option<int> answer = Options.Whole("--new-tokens", "Tokens of each answer.", 64, 2);
        Option<int> concurrency = Options.Whole("--concurrency", "Requests at the same time.", 32, 1, 1024);
        Option<int> threads = Options.Whole("--threads", "Worker threads.", 2, 1, 256);
        Option<Precision> precision = Options.PrecisionOf(Precision.Fast);
        Option<bool> json = Options.Json();
        Command command = new("memory", "What adapters and requests add to a process that has answered once through each method, against what the statistics say.")
        {
            model, tenants, methods, prompt, answer, concurrency, threads, precision, json,
        };
        command.SetAction(async (result, cancellation) =>
        {
            int count = result.GetValue(tenants), together = Math.Min(count, result.GetValue(concurrency));
            string[] each = BenchAdapters.ReadMethods(result.GetValue(methods)!);
            LanguageModelOptions options = new()
            {
                Precision = result.GetValue(precision), Threads = result.GetValue(threads), Scheduler = new SchedulerOptions { MaxRunning = together },
            };
            async Task<MemoryFigures> MeasureAsync()
            {
                using LanguageModel opened = LanguageModel.Open(result.GetValue(model)!, options);
                using BenchAdapters files = new(opened, each);

                // A tenant of each method has been there: its plugin is loaded for all that come.
                using (BenchTenants first = await BenchTenants.LoadAsync(opened, files, each.Length, cancellation))
                {
                    await new Burst(opened, 2, 2).RunAsync(1 + each.Length, 1 + each.Length, 0, r => r == 0 ? null : first.Adapters[r - 1], cancellation);
                }

                MemoryFigures before = await MemoryFigures.OfAsync(opened.Engine, 0, cancellation);
                using BenchTenants adapters = await BenchTenants.LoadAsync(opened, files, count, cancellation);
                await new Burst(opened, result.GetValue(prompt), result.GetValue(answer)).RunAsync(count, together, 1, r => adapters.Adapters[r], cancellation);
                return (await MemoryFigures.OfAsync(opened.Engine, adapters.Adapters.Sum(a => a.Bytes), cancellation)).Less(before);
            }

            // Code that is compiled at its first use, and again when it was used often, is no part of what a tenant costs: a first model, closed since,
            // has run all of it.
            _ = await MeasureAsync();
            MemoryFigures added = await MeasureAsync();
            if (result.GetValue(json))
            {
                console.WriteJson(added.Write);
            }
            else
            {
                console.Out.WriteLine($"the process grew by {added.Process / 1e6:F1} MB; the statistics say {added.Said / 1e6:F1} MB ({(double)added.Said / added.Process:P1})");
                console.Out.WriteLine($"modules {added.Adapters / 1e6:F1} MB, keys and values {added.KeyValues / 1e6:F1} MB, scratch {added.Scratch / 1e6:F1} MB");
            }

            return 0;
        });
        return command;
    }

    // In bytes.
    private sealed record MemoryFigures(long Process, long Adapters, long KeyValues, long Scratch)
    {
        public long Said => Adapters + KeyValues + Scratch;

        // Memory for the next adapter is made ready a moment after the last one came.
        public static async Task<MemoryFigures> OfAsync(InferenceEngine engine, long adapters, CancellationToken cancellation)
        {
            await Task.Delay(TimeSpan.FromSeconds(1), cancellation);
            long process = ProcessMemory.Measure();
            EngineStatistics said = engine.Statistics;
            return new MemoryFigures(process, adapters, said.KeyValueBytes, said.ScratchBytes);
        }

        public MemoryFigures Less(MemoryFigures other) =>
            new(Process - other.Process, Adapters - other.Adapters, KeyValues - other.KeyValues, Scratch - other.Scratch);

        public void Write(System.Text.Json.Utf8JsonWriter writer)
        {
            writer.WriteStartObject();
            writer.WriteNumber("process_bytes", Process);
            writer.WriteNumber("said_bytes", Said);
            writer.WriteNumber("ratio", (double)Said / Process);
            writer.WriteNumber("adapter_bytes", Adapters);
            writer.WriteNumber("key_value_bytes", KeyValues);
            writer.WriteNumber("scratch_bytes", Scratch);
            writer.WriteEndObject();
        }
    }
}
