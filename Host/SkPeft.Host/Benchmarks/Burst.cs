using System.Diagnostics;
using SkPeft.Engine;
using SkPeft.Engine.Generation;

namespace SkPeft.Host.Benchmarks;

/// <summary>Requests that are asked at the same time, each on a prompt of seeded random tokens, and generate so many tokens each.</summary>
/// <param name="model">The model.</param>
/// <param name="promptTokens">Tokens of a prompt.</param>
/// <param name="newTokens">Tokens of an answer.</param>
internal sealed class Burst(LanguageModel model, int promptTokens, int newTokens)
{
    /// <summary>Asks for <paramref name="requests"/> answers, at most <paramref name="concurrency"/> at a time.</summary>
    /// <param name="requests">How many.</param>
    /// <param name="concurrency">How many at a time.</param>
    /// <param name="seed">Makes the prompts; another one for every burst, so that no cache knows them.</param>
    /// <param name="adapterOf">The adapter of a request, or null.</param>
    /// <param name="cancellation">Ends it.</param>
    public Task<BurstResult> RunAsync(int requests, int concurrency, int seed, Func<int, ILoadedAdapter?> adapterOf, CancellationToken cancellation) =>
        RunAsync(requests, concurrency, seed, i => ValueTask.FromResult<(ILoadedAdapter?, IDisposable?)>((adapterOf(i), null)), cancellation);

    /// <param name="requests">How many.</param>
    /// <param name="concurrency">How many at a time.</param>
    /// <param name="seed">Makes the prompts; another one for every burst, so that no cache knows them.</param>
    /// <param name="takeOf">Takes the adapter of a request, and what holds it until the answer's end; counts as waiting for the first token.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task<BurstResult> RunAsync(
        int requests, int concurrency, int seed, Func<int, ValueTask<(ILoadedAdapter? Adapter, IDisposable? Hold)>> takeOf, CancellationToken cancellation)
    {
        double[] firsts = new double[requests];
        List<double>[] times = [.. Enumerable.Range(0, requests).Select(_ => new List<double>())];
        long start = Stopwatch.GetTimestamp();
        int next = -1;
        async Task AskAsync()
        {
            for (int i = Interlocked.Increment(ref next); i < requests; i = Interlocked.Increment(ref next))
            {
                double asked = Stopwatch.GetElapsedTime(start).TotalSeconds;
                (ILoadedAdapter? adapter, IDisposable? hold) = await takeOf(i);
                using IDisposable? held = hold;
                await foreach (GenerationUpdate _ in model.Engine.GenerateAsync(Request(i, seed, adapter), cancellation))
                {
                    times[i].Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
                }

                firsts[i] = times[i][0] - asked;
            }
        }

        await Task.WhenAll(Enumerable.Range(0, concurrency).Select(_ => Task.Run(AskAsync, cancellation)));

        // What streams said while prompts of others were read is no decoding alone.
        double begun = times.Max(t => t[0]), end = times.Max(t => t[^1]);
        int after = times.Sum(t => t.Count(at => at > begun));
        return new BurstResult(
            (double)requests * newTokens / end,
            end > begun ? after / (end - begun) : 0,
            firsts, [.. times.SelectMany(t => t.Zip(t.Skip(1), (one, next) => next - one))]);
    }

    private GenerationRequest Request(int index, int seed, ILoadedAdapter? adapter)
    {
        Random random = new((seed * 7919) + index);
        int vocabulary = model.Config.Sizes.VocabularySize;
        return new GenerationRequest
        {
            Prompt = [.. Enumerable.Range(0, promptTokens).Select(_ => random.Next(vocabulary))],
            MaxTokens = newTokens,
            EndIds = new HashSet<int>(),
            Adapter = adapter,
            Tenant = adapter is null ? "" : $"tenant {index}",
        };
    }
}

/// <summary>What a burst gave.</summary>
/// <param name="TokensPerSecond">Generated tokens by the time from the first question to the last token.</param>
/// <param name="DecodeTokensPerSecond">Tokens behind the moment at which every answer had its first, by the time from then to the last token: meant for requests that begin together.</param>
/// <param name="FirstTokens">Seconds from a question to its first token.</param>
/// <param name="Gaps">Seconds between tokens.</param>
internal sealed record BurstResult(double TokensPerSecond, double DecodeTokensPerSecond, IReadOnlyList<double> FirstTokens, IReadOnlyList<double> Gaps);
