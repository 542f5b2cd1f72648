using System.Globalization;
using System.Text;
using SkPeft.Bench.Kernels;
using SkPeft.Tensors.Kernels;
using SkPeft.Tensors.Threading;

namespace SkPeft.Bench.Gemm;

/// <summary>
/// The fp32 products of training against OpenBLAS, in alternation: forward x·Wᵀ, dX = dY·W and dW = dYᵀ·x of matrices in memory,
/// then forward and dX with packed weights against OpenBLAS's product with the same weights in fp32.
/// </summary>
internal static class GemmCommand
{
    private static readonly string[] s_formats = ["F32", "Q8_0", "Q4_1"];

    public static async Task<int> RunAsync(PeerOptions options)
    {
        OpenBlas? peer = OpenBlas.TryLoad(options.Threads);
        Console.WriteLine(peer is null
            ? "OpenBLAS was not found (Debian: apt-get install libopenblas0-pthread): ratios are skipped."
            : $"peer: {peer.Description}");
        using var team = new WorkerTeam(options.Threads);
        using var compute = new ComputeContext(team);
        var peaks = new MachinePeaks(team);
        string load = Machine.Load();
        double peak = peaks.FmaGigaflops();
        List<Duel> duels = [];
        foreach (GemmShape shape in GemmShape.All)
        {
            using var memory = new GemmMemory(shape);
            duels.AddRange(await MeasureAsync(options, GemmDuels.Dense(shape, memory, compute, peer)));
        }

        List<Duel> packed = [];
        foreach (GemmShape shape in GemmShape.Frozen)
        {
            using var memory = new GemmMemory(shape);
            foreach (WeightSample sample in WeightSample.All.Where(s => s_formats.Contains(s.Name)))
            {
                using PackedMatrix weights = sample.Pack(shape.Outputs, shape.Inputs, team);
                packed.AddRange(await MeasureAsync(options, GemmDuels.Packed(shape, memory, weights, sample.Name, compute, peer)));
            }
        }

        // Measured at both ends: where the machine is shared, one moment is not all.
        peak = Math.Max(peak, peaks.FmaGigaflops());
        Write(options, Report(options, peer, compute, peak, load, duels, packed));
        return 0;
    }

    private static async Task<IReadOnlyList<Duel>> MeasureAsync(PeerOptions options, IReadOnlyList<Duel> duels)
    {
        foreach (Duel duel in duels)
        {
            await duel.RunAsync(options.Repeat);
            Console.Write('.');
        }

        return duels;
    }

    private static string Report(PeerOptions options, OpenBlas? peer, ComputeContext compute, double peak, string load, List<Duel> dense, List<Duel> packed)
    {
        StringBuilder text = new();
        text.AppendLine(CultureInfo.InvariantCulture, $"# fp32 products, {options.Threads} threads, medians of {options.Repeat} alternated rounds");
        text.AppendLine();
        text.AppendLine(CultureInfo.InvariantCulture, $"CPU: {Machine.Cpu()}; {compute.InstructionSet}; .NET {Environment.Version}; peer: {peer?.Description ?? "not measured"}.");
        text.AppendLine(CultureInfo.InvariantCulture,
            $"fp32 multiply-add peak {peak:F0} GFLOP/s; load average {load} at the start, {Machine.Load()} at the end (this command alone makes about {options.Threads}).");
        Table(text, "Matrices in memory", dense, peak);
        Table(text, "Packed weights, against the peer's product with the same weights in fp32", packed, peak);
        return text.ToString();
    }

    private static void Table(StringBuilder text, string title, List<Duel> duels, double peak)
    {
        text.AppendLine();
        text.AppendLine(CultureInfo.InvariantCulture, $"## {title}");
        text.AppendLine();
        text.AppendLine("| rows | layer | product | SkPeft GFLOP/s (min – max) | OpenBLAS GFLOP/s (min – max) | ratio of medians | share of peak |");
        text.AppendLine("|---|---|---|---|---|---|---|");
        foreach (Duel duel in duels)
        {
            text.AppendLine(duel.Row(peak));
        }

        List<double> ratios = [.. duels.Select(d => d.Ratio).Where(r => !double.IsNaN(r))];
        if (ratios.Count > 0)
        {
            text.AppendLine();
            text.AppendLine(CultureInfo.InvariantCulture, $"Ratios: median {Statistics.Median(ratios):F2}, least {ratios.Min():F2}; {ratios.Count(r => r >= 0.95)} of {ratios.Count} are 0.95 or more.");
        }
    }

    private static void Write(PeerOptions options, string report)
    {
        Console.WriteLine();
        Console.Write(report);
        if (options.Out is not null)
        {
            Directory.CreateDirectory(options.Out);
            string file = Path.Combine(options.Out, $"gemm-{options.Threads}-threads.md");
            File.WriteAllText(file, report);
            Console.WriteLine($"written to {file}");
        }
    }
}
