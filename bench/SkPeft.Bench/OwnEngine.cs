using System.Diagnostics;
using SkPeft.Engine;
using SkPeft.Engine.Generation;
using SkPeft.Engine.Scheduling;
using SkPeft.Tensors.Kernels;

namespace SkPeft.Bench;

/// <summary>This engine, in this process, warmed up: tokens a second of decoding and of prefill.</summary>
internal sealed class OwnEngine : IDisposable
{
    private readonly LanguageModel _model;

    public OwnEngine(string model, int threads, Precision precision)
    {
        Stopwatch clock = Stopwatch.StartNew();
        _model = LanguageModel.Open(model, new LanguageModelOptions
        {
            Threads = threads, Precision = precision, Scheduler = new SchedulerOptions { PrefixCacheBytes = 0, KeyValueBytes = 8L << 30 },
        });
        OpenSeconds = clock.Elapsed.TotalSeconds;
    }

    public double OpenSeconds { get; }

    /// <summary>Tokens a second of several answers that are generated together, counted from where the last of them has its first token.</summary>
    public async Task<double> BatchAsync(int batch, int promptTokens, int tokens)
    {
        long start = Stopwatch.GetTimestamp();
        double begun = 0, ended = 0;
        int counted = 0;
        Lock gate = new();
        List<double> times = [];
        await Task.WhenAll(Enumerable.Range(0, batch).Select(i => Task.Run(async () =>
        {
            GenerationRequest request = new() { Prompt = Prompt(promptTokens, i), MaxTokens = tokens, EndIds = new HashSet<int>() };
            bool isFirst = true;
            await foreach (GenerationUpdate _ in _model.Engine.GenerateAsync(request))
            {
                double now = Stopwatch.GetElapsedTime(start).TotalSeconds;
                lock (gate)
                {
                    begun = isFirst ? Math.Max(begun, now) : begun;
                    ended = Math.Max(ended, now);
                    times.Add(now);
                }

                isFirst = false;
            }
        })));
        counted = times.Count(t => t > begun);
        return counted / (ended - begun);
    }

    /// <summary>Tokens a second of <paramref name="tokens"/> greedy tokens behind a prompt, by default of one.</summary>
    public async Task<double> DecodeAsync(int tokens, int depth = 1)
    {
        GenerationRequest request = new() { Prompt = Prompt(depth, 0), MaxTokens = tokens + 1, EndIds = new HashSet<int>() };
        GenerationTimings? timings = null;
        await foreach (GenerationUpdate update in _model.Engine.GenerateAsync(request))
        {
            timings = update.Timings;
        }

        return timings!.DecodeTokensPerSecond;
    }

    /// <summary>Tokens a second of a prompt of <paramref name="tokens"/>, logits of the last one included.</summary>
    public async Task<double> PrefillAsync(int tokens)
    {
        GenerationRequest request = new() { Prompt = Prompt(tokens, 0), MaxTokens = 1, EndIds = new HashSet<int>() };
        GenerationTimings? timings = null;
        await foreach (GenerationUpdate update in _model.Engine.GenerateAsync(request))
        {
            timings = update.Timings;
        }

        return timings!.PrefillTokensPerSecond;
    }

    public void Dispose() => _model.Dispose();

    private int[] Prompt(int tokens, int seed) => [.. Enumerable.Range(0, tokens).Select(i => 100 + (((i + seed) * 7919 % 20000) % (_model.Shape.Sizes.VocabularySize - 100)))];
}
