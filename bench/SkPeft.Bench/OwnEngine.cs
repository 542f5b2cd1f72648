using System.Diagnostics;
using SkPeft.Engine;
using SkPeft.Engine.Generation;
using SkPeft.Tensors.Kernels;

namespace SkPeft.Bench;

/// <summary>This engine, in this process, warmed up: tokens a second of decoding and of prefill.</summary>
internal sealed class OwnEngine : IDisposable
{
    private readonly LanguageModel _model;

    public OwnEngine(string model, int threads)
    {
        Stopwatch clock = Stopwatch.StartNew();
        _model = LanguageModel.Open(model, new LanguageModelOptions { Threads = threads, Precision = Precision.Fast });
        OpenSeconds = clock.Elapsed.TotalSeconds;
    }

    public double OpenSeconds { get; }

    /// <summary>Tokens a second of <paramref name="tokens"/> greedy tokens behind a prompt of one.</summary>
    public async Task<double> DecodeAsync(int tokens)
    {
        GenerationRequest request = new() { Prompt = [1], MaxTokens = tokens + 1, EndIds = new HashSet<int>() };
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
        int[] prompt = [.. Enumerable.Range(0, tokens).Select(i => 100 + (i * 7919 % 20000) % _model.Shape.Sizes.VocabularySize)];
        GenerationRequest request = new() { Prompt = prompt, MaxTokens = 1, EndIds = new HashSet<int>() };
        GenerationTimings? timings = null;
        await foreach (GenerationUpdate update in _model.Engine.GenerateAsync(request))
        {
            timings = update.Timings;
        }

        return timings!.PrefillTokensPerSecond;
    }

    public void Dispose() => _model.Dispose();
}
