using System.Text.Json;
using SkPeft.Engine;
using SkPeft.Training;

namespace SkPeft.Bench.Training;

/// <summary>The lines of the benchmark: SST-2 in the prompt of the recorded runs.</summary>
/// <param name="Path">The file.</param>
/// <param name="Losses">Tokens of each line's answer.</param>
internal sealed record BenchLines(string Path, IReadOnlyList<int> Losses)
{
    public const string Prompt = "Review: {text}\nSentiment:";
    public const string Completion = " {label}";

    public static BenchLines Read(string path, LanguageModel model, int lines) => new(path,
    [
        .. File.ReadLines(path).Take(lines).Select(l => model.Tokenizer!.Encode($" {JsonSerializer.Deserialize<JsonElement>(l).GetProperty("label").GetString()}").Count),
    ]);
}

/// <summary>
/// Steps of one method and batch size. A round is the same number of lines at every batch size, so that figures of different sizes are about
/// the same lines; the first round is warm-up.
/// </summary>
internal sealed record TimedRun(BenchMethod Method, int Batch, IReadOnlyList<TimedRound> Rounds, double RunMegabytes, double ResidentMegabytes)
{
    /// <summary>Lines of a round: the largest batch.</summary>
    public const int RoundLines = 16;

    public double SecondsPerStep => Median(r => r.Seconds) * Batch / RoundLines;

    public double TokensPerSecond => Median(r => r.Tokens / r.Seconds);

    public double MillisecondsPerToken => Median(r => 1000 * r.Seconds / r.Tokens);

    public double Gigaflops => Median(r => r.Operations / r.Seconds / 1e9);

    public static async Task<TimedRun> MeasureAsync(LanguageModel model, IPeftMethodCatalog methods, BenchLines lines, BenchMethod method, int batch, PeerOptions options)
    {
        GC.Collect();
        ResidentPeak.Reset();
        Listener listener = new();
        TrainingResult result = await new AdapterTrainer(model, methods).TrainAsync(new TrainingJob
        {
            Adapters = [method.Plan()],
            Data = new TrainingData { Path = lines.Path, Prompt = BenchLines.Prompt, Completion = BenchLines.Completion, Limit = lines.Losses.Count },
            Loop = new LoopSettings { Batch = batch, Steps = lines.Losses.Count / batch, Threads = options.Threads },
        }, listener);

        UsefulWork work = new(model.Config.Sizes);
        int stepsPerRound = RoundLines / batch;
        TimedRound[] rounds = [.. result.Steps.Chunk(stepsPerRound).Select((steps, i) =>
        {
            long tokens = steps.Sum(s => (long)s.Tokens), losses = lines.Losses.Skip(i * RoundLines).Take(RoundLines).Sum();
            double operations = work.Operations(method, tokens + (RoundLines * (long)method.SoftRows), losses, result.Outline.Parameters);
            return new TimedRound(tokens, steps.Sum(s => s.Seconds), operations);
        })];
        return new TimedRun(method, batch, rounds[1..], listener.MostBytes / 1e6, ResidentPeak.Megabytes());
    }

    private double Median(Func<TimedRound, double> of)
    {
        double[] sorted = [.. Rounds.Select(of).Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    private sealed class Listener : IProgress<TrainingProgress>
    {
        public long MostBytes { get; private set; }

        public void Report(TrainingProgress value) => MostBytes = Math.Max(MostBytes, value.MemoryBytes);
    }
}

/// <summary>Some steps over as many lines as every round has.</summary>
/// <param name="Tokens">Tokens of the lines.</param>
/// <param name="Seconds">Time of the steps.</param>
/// <param name="Operations">Their useful work.</param>
internal sealed record TimedRound(long Tokens, double Seconds, double Operations);
