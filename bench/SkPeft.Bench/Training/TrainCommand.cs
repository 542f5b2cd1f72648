using System.Globalization;
using System.Text;
using SkPeft.Engine;
using SkPeft.Plugins;

namespace SkPeft.Bench.Training;

/// <summary>Times training steps through the public trainer, beside the machine's own fp32 products in the same run.</summary>
internal static class TrainCommand
{
    private static readonly int[] s_batches = [1, 4, 8, 16];

    public static async Task<int> RunAsync(string path, PeerOptions options)
    {
        string data = options.Data ?? throw new ArgumentException("--data names SST-2's train.jsonl");
        using LanguageModel model = LanguageModel.Open(path, new LanguageModelOptions { Threads = 1 });
        using PluginCatalog methods = PluginCatalog.Open(new PluginOptions { Folders = [Path.Combine(AppContext.BaseDirectory, "plugins")] });
        BenchLines lines = BenchLines.Read(data, model, TimedRun.RoundLines * (options.Repeat + 1));
        List<double> peaks = [ProductPeak.Gigaflops(options.Threads)];
        List<TimedRun> runs = [];
        foreach (BenchMethod method in BenchMethod.All)
        {
            foreach (int batch in s_batches)
            {
                runs.Add(await TimedRun.MeasureAsync(model, methods, lines, method, batch, options));
                Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{method.Name}, batch {batch}: {runs[^1].SecondsPerStep:F3} s a step"));
            }

            // Machines are shared: the ceiling is the best of what was seen at any time.
            peaks.Add(ProductPeak.Gigaflops(options.Threads));
        }

        string report = Report(path, options, runs, peaks);
        Console.Write(report);
        if (options.Out is not null)
        {
            Directory.CreateDirectory(options.Out);
            string file = Path.Combine(options.Out, $"train-{Path.GetFileNameWithoutExtension(path)}.md");
            await File.WriteAllTextAsync(file, report);
            Console.WriteLine($"written to {file}");
        }

        return 0;
    }

    private static string Report(string model, PeerOptions options, List<TimedRun> runs, List<double> peaks)
    {
        double peak = peaks.Max();
        StringBuilder text = new();
        text.AppendLine(CultureInfo.InvariantCulture, $"# Training steps on {Path.GetFileName(model)}, {options.Threads} threads");
        text.AppendLine();
        text.AppendLine(CultureInfo.InvariantCulture, $"CPU: {Machine.Cpu()}; .NET {Environment.Version}; commit {Machine.Commit()}.");
        text.AppendLine(CultureInfo.InvariantCulture, $"Largest fp32 product in the same run (best of 1024³ and 2048³): {peak:F0} GFLOP/s (measured {string.Join(", ", peaks.Select(p => p.ToString("F0", CultureInfo.InvariantCulture)))} before, between and behind the methods).");
        text.AppendLine(CultureInfo.InvariantCulture, $"Medians of {options.Repeat} rounds of {TimedRun.RoundLines} SST-2 lines behind one of warm-up; every batch size sees the same lines. Useful work: forward 2 and backward 2 a frozen weight and row (soft tokens are rows), the head where there is loss, 6 a LoRA weight and row.");
        text.AppendLine();
        text.AppendLine("| method | batch | tokens/s | s/step | ms/token | useful GFLOP/s | share of peak | run beside the model, MB | peak resident, MB |");
        text.AppendLine("|---|---|---|---|---|---|---|---|---|");
        foreach (TimedRun run in runs)
        {
            text.AppendLine(CultureInfo.InvariantCulture,
                $"| {run.Method.Name} | {run.Batch} | {run.TokensPerSecond:F0} | {run.SecondsPerStep:F3} | {run.MillisecondsPerToken:F3} | {run.Gigaflops:F1} | {run.Gigaflops / peak:P0} | {run.RunMegabytes:F0} | {run.ResidentMegabytes:F0} |");
        }

        return text.ToString();
    }
}
