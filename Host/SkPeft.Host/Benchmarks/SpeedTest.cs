using SkPeft.Engine.Generation;
using SkPeft.Host.Models;

namespace SkPeft.Host.Benchmarks;

/// <summary>One way of measuring tokens a second, on prompts of seeded random tokens.</summary>
internal sealed class SpeedTest
{
    private readonly ModelSession _session;
    private readonly Func<SpeedTest, CancellationToken, Task<double>> _run;

    private SpeedTest(ModelSession session, Func<SpeedTest, CancellationToken, Task<double>> run) => (_session, _run) = (session, run);

    /// <summary>Generates tokens behind a context (of one token at least); reading the context is not counted.</summary>
    public static SpeedTest Decode(ModelSession session, int tokens, int context) => new(session, async (test, cancellation) =>
        (await test.MeasureAsync(Math.Max(1, context), tokens + 1, cancellation)).DecodeTokensPerSecond);

    /// <summary>Reads a prompt. Behind a context: the time for both, less the time for the context alone.</summary>
    public static SpeedTest Prefill(ModelSession session, int tokens, int context) => new(session, async (test, cancellation) =>
    {
        TimeSpan before = context == 0 ? TimeSpan.Zero : (await test.MeasureAsync(context, 1, cancellation)).Prefill;
        TimeSpan all = (await test.MeasureAsync(context + tokens, 1, cancellation)).Prefill;
        return tokens / Math.Max((all - before).TotalSeconds, 1e-9);
    });

    public Task<double> RunAsync(CancellationToken cancellation) => _run(this, cancellation);

    private async Task<GenerationTimings> MeasureAsync(int prompt, int tokens, CancellationToken cancellation)
    {
        int vocabulary = _session.Model.Config.Sizes.VocabularySize;
        Random random = new(1);
        GenerationRequest request = new()
        {
            Prompt = [.. Enumerable.Range(0, prompt).Select(_ => random.Next(vocabulary))],
            MaxTokens = tokens,
            EndIds = new HashSet<int>(),
        };
        GenerationTimings? timings = null;
        await foreach (GenerationUpdate update in _session.Model.Engine.GenerateAsync(request, cancellation))
        {
            timings = update.Timings;
        }

        return timings!;
    }
}
