using System.Collections.Concurrent;
using SkPeft.Engine.Generation;
using SkPeft.Engine.Scheduling;
using SkPeft.Engine.Tests.Generation;
using SkPeft.Tensors.Kernels;
using SkPeft.Testing;

namespace SkPeft.Engine.Tests.Scheduling;

/// <summary>
/// Everything that can go wrong, at once, beside 32 streams: clients that go away, a queue that fills, adapters that do not load, effects that
/// throw, pages that run out. Those that nothing happened to get the text that they get alone, the others the error of their own kind.
/// </summary>
public sealed class StormTests
{
    private const int Streams = 32;
    private const int Rounds = 6;

    public static TheoryData<int> Seeds => [1, 2, 3, 4];

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task WhateverHappensToSome_TheOthersGetTheirText_AndAllPagesComeBack(int seed)
    {
        long page = new KvPageLayout(2, 2, 4).PageBytes;
        using SmallEngine quiet = new();
        using SmallEngine engine = new(scheduler: new SchedulerOptions { MaxRunning = 8, MaxQueue = 16, KeyValueBytes = 30 * page, PrefixCacheBytes = 0 });
        Effect low = new LowRankEffect(new LinearSite(1, LinearKind.Query), RandomTensors.Normal(new Random(seed), 0.5, 2, 16), RandomTensors.Normal(new Random(seed + 1), 0.5, 16, 2), 1);
        using ILoadedAdapter alone = await quiet.LoadAsync(low), sound = await engine.LoadAsync(low);
        using ILoadedAdapter broken = await engine.LoadAsync(new TestEffects.SubLayer(1, SubLayerKind.Mlp, (_, _) => throw new FormatException("out of order")));
        int[][] texts = [.. Enumerable.Range(0, 5).Select(i => SmallEngine.Text(4 + (9 * i), seed + i))];
        int[][] expected = new int[texts.Length][];
        for (int i = 0; i < texts.Length; i++)
        {
            expected[i] = await quiet.GreedyAsync(texts[i], 40, alone);
        }

        await CrowdAsync(engine, texts[^1], sound, expected[^1]);
        ConcurrentDictionary<string, int> seen = new();
        using SemaphoreSlim folder = new(1);
        async Task LoadUnfitAsync()
        {
            // The test's adapters are written to one folder.
            await folder.WaitAsync();
            try
            {
                await engine.LoadAsync(new BiasEffect(new LinearSite(0, LinearKind.Key), new Tensor(3)));
            }
            finally
            {
                folder.Release();
            }
        }

        async Task StreamAsync(int number)
        {
            Random random = new((seed * 1000) + number);
            for (int round = 0; round < Rounds; round++)
            {
                int text = random.Next(texts.Length);
                int kind = random.Next(8), after = random.Next(1, 20);
                Func<Task<string>> ask = () => kind switch
                {
                    0 => GoAwayAsync(engine, texts[text], sound, after),
                    1 => FailAsync<PluginFaultException>(() => engine.GreedyAsync(texts[text], 40, broken), "TestPlugin 1.2.3"),
                    2 => FailAsync<AdapterShapeException>(LoadUnfitAsync, "hand-made"),
                    3 => FailAsync<ContextLengthException>(() => engine.GreedyAsync(SmallEngine.Text(900), 3, sound), nameof(SchedulerOptions.KeyValueBytes)),
                    _ => AnswerAsync(engine, texts[text], sound, expected[text]),
                };
                string what = await UntilLetInAsync(ask);
                seen.AddOrUpdate(what, 1, (_, n) => n + 1);
            }
        }

        await Task.WhenAll(Enumerable.Range(0, Streams).Select(i => Task.Run(() => StreamAsync(i))));
        string counts = string.Join(", ", seen);
        foreach (string kind in new[] { "answered", "went away", nameof(PluginFaultException), nameof(AdapterShapeException), nameof(ContextLengthException) })
        {
            seen.GetValueOrDefault(kind).ShouldBeGreaterThan(0, counts);
        }

        seen.Values.Sum().ShouldBe(Streams * Rounds, counts);
        EngineStatistics after = engine.Engine.Statistics;
        (after.Running, after.Waiting, engine.Pages.InUse).ShouldBe((0, 0, 0));
        (await engine.GreedyAsync(texts[0], 40, sound)).ShouldBe(expected[0]);
    }

    /// <summary>As many as may run and wait, and one more: it is refused, and the pages of those that run do not suffice.</summary>
    private static async Task CrowdAsync(SmallEngine engine, int[] text, ILoadedAdapter adapter, int[] expected)
    {
        Task<int[]>[] all;
        await using (Held held = await Held.StartAsync(engine))
        {
            all = [.. Enumerable.Range(0, 23).Select(_ => engine.GreedyAsync(text, 40, adapter))];
            await Should.ThrowAsync<EngineBusyException>(() => engine.GreedyAsync(text, 40, adapter));
        }

        (await Task.WhenAll(all)).ShouldAllBe(a => a.SequenceEqual(expected));
        engine.Engine.Statistics.Preemptions.ShouldBeGreaterThan(0, "eight texts of five pages do not fit into thirty");
    }

    /// <summary>Asks again when the queue was full, so that every stream meets each fate that was drawn for it.</summary>
    private static async Task<string> UntilLetInAsync(Func<Task<string>> ask)
    {
        while (true)
        {
            try
            {
                return await ask();
            }
            catch (EngineBusyException)
            {
                await Task.Delay(1);
            }
        }
    }

    private static async Task<string> AnswerAsync(SmallEngine engine, int[] text, ILoadedAdapter adapter, int[] expected)
    {
        (await engine.GreedyAsync(text, 40, adapter)).ShouldBe(expected);
        return "answered";
    }

    private static async Task<string> GoAwayAsync(SmallEngine engine, int[] text, ILoadedAdapter adapter, int after)
    {
        using CancellationTokenSource cancel = new();
        try
        {
            int count = 0;
            await foreach (GenerationUpdate _ in engine.Engine.GenerateAsync(new GenerationRequest { Prompt = text, MaxTokens = 40, Adapter = adapter, EndIds = new HashSet<int>() }, cancel.Token))
            {
                if (++count == after)
                {
                    await cancel.CancelAsync();
                }
            }

            throw new InvalidOperationException("It went away, and was answered to the end.");
        }
        catch (OperationCanceledException)
        {
            return "went away";
        }
    }

    private static async Task<string> FailAsync<T>(Func<Task> work, string word)
        where T : SkPeftException
    {
        try
        {
            await work();
            throw new InvalidOperationException($"It should have failed with {typeof(T).Name}.");
        }
        catch (T error)
        {
            error.Message.ShouldContain(word);
            return typeof(T).Name;
        }
    }
}
