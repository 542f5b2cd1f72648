using System.Globalization;
using System.Text;
using SkPeft.Tensors.Kernels;

namespace SkPeft.Bench;

/// <summary>Decode and prefill against llama.cpp on the same file, threads and cores, in alternation; medians and their ratio.</summary>
internal static class PeerCommand
{
    private const int DecodeTokens = 64;
    private const int PrefillTokens = 512;
    private const int BatchPrompt = 16;
    private const int BatchTokens = 32;
    private const int DeepTokens = 16;

    public static async Task<int> RunAsync(string model, PeerOptions options)
    {
        string? folder = Environment.GetEnvironmentVariable("LLAMA_BIN");
        LlamaBench? peer = folder is null ? null : new LlamaBench(folder, model, options.Threads);
        Console.WriteLine(peer is null ? "LLAMA_BIN is not set: the ratio is skipped." : $"peer: llama.cpp {await peer.VersionAsync()}");
        using OwnEngine engine = new(model, options.Threads, options.Precision);
        _ = await engine.DecodeAsync(DecodeTokens);
        _ = await engine.PrefillAsync(PrefillTokens);

        Work[] works =
        [
            new($"decode {DecodeTokens}", () => engine.DecodeAsync(DecodeTokens), p => p.RunAsync(0, DecodeTokens)),
            new($"prefill {PrefillTokens}", () => engine.PrefillAsync(PrefillTokens), p => p.RunAsync(PrefillTokens, 0)),
            .. options.Batches.Select(b => new Work(
                $"decode of {b} together", () => engine.BatchAsync(b, BatchPrompt, BatchTokens), p => p.BatchAsync(b, BatchPrompt, BatchTokens))),
            .. options.Depth > 0
                ? [new Work($"decode behind {options.Depth}", () => engine.DecodeAsync(DeepTokens, options.Depth), p => p.DeepAsync(options.Depth, DeepTokens))]
                : Array.Empty<Work>(),
        ];
        for (int i = 0; i < options.Repeat; i++)
        {
            foreach (Work work in works)
            {
                work.Own.Add(await work.RunOwn());
                if (peer is not null)
                {
                    work.Peer.Add(await work.RunPeer(peer));
                }
            }
        }

        string report = Report(model, options, engine.OpenSeconds, works, peer is null ? null : await peer.VersionAsync());
        Console.Write(report);
        if (options.Out is not null)
        {
            Directory.CreateDirectory(options.Out);
            string file = Path.Combine(options.Out, $"peer-{Path.GetFileNameWithoutExtension(model)}{(options.Precision == Precision.Fast ? "" : $"-{Name(options.Precision)}")}.md");
            await File.WriteAllTextAsync(file, report);
            Console.WriteLine($"written to {file}");
        }

        return 0;
    }

    private static string Report(string model, PeerOptions options, double open, Work[] works, string? peer)
    {
        StringBuilder text = new();
        text.AppendLine($"# {Path.GetFileName(model)}, {options.Threads} threads, precision {Name(options.Precision)}, medians of {options.Repeat} alternated runs");
        text.AppendLine();
        text.AppendLine($"CPU: {Machine.Cpu()}; .NET {Environment.Version}; llama.cpp {peer ?? "not measured"}; open {open.ToString("F2", CultureInfo.InvariantCulture)} s");
        text.AppendLine();
        text.AppendLine("| work | SkPeft tok/s (min – max) | llama.cpp tok/s (min – max) | ratio of medians |");
        text.AppendLine("|---|---|---|---|");
        foreach (Work work in works)
        {
            text.AppendLine(Row(work.Name, work.Own, work.Peer));
        }

        return text.ToString();
    }

    private static string Name(Precision precision) => precision.ToString().ToLowerInvariant();

    private static string Row(string work, List<double> own, List<double> peer) =>
        string.Create(CultureInfo.InvariantCulture, $"| {work} | {Figures(own)} | {(peer.Count == 0 ? "–" : Figures(peer))} | {(peer.Count == 0 ? "–" : $"{Statistics.Median(own) / Statistics.Median(peer):F2}")} |");

    private static string Figures(List<double> values) => string.Create(CultureInfo.InvariantCulture, $"{Statistics.Median(values):F1} ({values.Min():F1} – {values.Max():F1})");

    private sealed record Work(string Name, Func<Task<double>> RunOwn, Func<LlamaBench, Task<double>> RunPeer)
    {
        public List<double> Own { get; } = [];

        public List<double> Peer { get; } = [];
    }
}
