using SkPeft.Engine.Generation;
using SkPeft.Engine.Scheduling;
using SkPeft.Engine.Tests.Generation;

namespace SkPeft.Engine.Tests.Scheduling;

/// <summary>Who is let in, in which order, and who is refused.</summary>
public sealed class AdmissionTests
{
    [Fact]
    public async Task MoreThanTheQueueHolds_IsRefused_WithTheTimeToTryAgain_AndTheOthersAreServed()
    {
        using SmallEngine engine = new(scheduler: new SchedulerOptions { MaxRunning = 1, MaxQueue = 2, PrefixCacheBytes = 0 });
        await using Held held = await Held.StartAsync(engine);
        Task<int[]>[] waiting = [engine.GreedyAsync([1], 3), engine.GreedyAsync([2], 3)];
        EngineBusyException error = await Should.ThrowAsync<EngineBusyException>(() => engine.GreedyAsync([3], 3));
        error.Message.ShouldContain("1 requests run and 2 wait, expected fewer than 3 in all (1 that run, 2 that wait)");
        error.RetryAfter.ShouldBeGreaterThan(TimeSpan.Zero);
        held.Release();
        (await Task.WhenAll(waiting)).ShouldAllBe(a => a.Length == 3);
        (await engine.GreedyAsync([3], 3)).Length.ShouldBe(3);
    }

    [Fact]
    public async Task ADeadline_EndsARequestThatWaits_AndOneThatRuns()
    {
        using SmallEngine engine = new(scheduler: new SchedulerOptions { MaxRunning = 1, PrefixCacheBytes = 0 });
        await using (Held held = await Held.StartAsync(engine))
        {
            Task late = AskAsync(engine, new GenerationRequest { Prompt = [1], MaxTokens = 3, Deadline = TimeSpan.FromMilliseconds(1) });
            await Task.Delay(20, TestContext.Current.CancellationToken);
            held.Release();
            (await Should.ThrowAsync<DeadlineException>(() => late)).Message.ShouldContain("it still waited");
        }

        GenerationRequest endless = new() { Prompt = [1], MaxTokens = 2000, EndIds = new HashSet<int>(), Deadline = TimeSpan.FromMilliseconds(30) };
        Should.Throw<DeadlineException>(async () =>
        {
            // However fast the machine: a text of this length a hundred times takes longer.
            for (int i = 0; i < 100; i++)
            {
                await AskAsync(engine, endless);
            }
        }).Deadline.ShouldBe(TimeSpan.FromMilliseconds(30));
        engine.Pages.InUse.ShouldBe(0);
    }

    [Fact]
    public async Task AHigherPriority_TakesThePlaceOfALowerOne_WhichLosesNothing()
    {
        using SmallEngine engine = new(scheduler: new SchedulerOptions { MaxRunning = 1, PrefixCacheBytes = 0 });
        int[] expected = await engine.GreedyAsync([5, 6, 7], 60);
        int steps = 0;
        using ManualResetEventSlim somebodyWaits = new();
        TaskCompletionSource begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using ILoadedAdapter adapter = await engine.LoadAsync(new TestEffects.Linear(new LinearSite(-1, LinearKind.Head), null, (_, y) =>
        {
            if (Interlocked.Increment(ref steps) == 3)
            {
                begun.SetResult();
                somebodyWaits.Wait();
            }

            return y;
        }));

        Task<int[]> low = engine.GreedyAsync([5, 6, 7], 60, adapter);
        await begun.Task;
        Task high = AskAsync(engine, new GenerationRequest { Prompt = [1], MaxTokens = 2, Priority = 1 });
        while (engine.Engine.Statistics.Waiting == 0)
        {
            await Task.Yield();
        }

        somebodyWaits.Set();
        await high;
        (await low).ShouldBe(expected);
        engine.Engine.Statistics.Preemptions.ShouldBe(1);
    }

    [Fact]
    public async Task AGreedyTenant_DoesNotStarveAnother()
    {
        using SmallEngine engine = new(scheduler: new SchedulerOptions { MaxRunning = 4, PrefixCacheBytes = 0 });
        List<string> finished = [];
        async Task AsTenantAsync(string tenant, int seed)
        {
            await AskAsync(engine, new GenerationRequest { Prompt = SmallEngine.Text(20, seed), MaxTokens = 120, EndIds = new HashSet<int>(), Tenant = tenant });
            lock (finished)
            {
                finished.Add(tenant);
            }
        }

        Task[] all;
        await using (Held held = await Held.StartAsync(engine))
        {
            // All of the greedy one's requests came before.
            all = [.. Enumerable.Range(0, 40).Select(i => AsTenantAsync("greedy", i)), .. Enumerable.Range(0, 4).Select(i => AsTenantAsync("modest", i))];
            held.Release();
        }

        await Task.WhenAll(all);
        int last = finished.LastIndexOf("modest");
        last.ShouldBeLessThan(16, string.Join(' ', finished));
    }

    [Fact]
    public async Task WhereTheQueueIsFull_AModestTenantTakesAPlaceOfTheGreedyOne_WhichIsToldWhy()
    {
        using SmallEngine engine = new(scheduler: new SchedulerOptions { MaxRunning = 1, MaxQueue = 4, PrefixCacheBytes = 0 });
        await using Held held = await Held.StartAsync(engine);
        Task Of(string tenant, int priority = 0) => AskAsync(engine, new GenerationRequest { Prompt = [1], MaxTokens = 2, Tenant = tenant, Priority = priority });
        Task[] greedy = [.. Enumerable.Range(0, 4).Select(_ => Of("greedy"))];

        Task first = Of("modest"), second = Of("modest");
        foreach (Task displaced in new[] { greedy[3], greedy[2] })
        {
            (await Should.ThrowAsync<EngineBusyException>(() => displaced)).Message.ShouldContain("gave its place to somebody who had fewer");
        }

        // Each has two places now: neither takes the other's.
        await Should.ThrowAsync<EngineBusyException>(() => Of("modest"));
        await Should.ThrowAsync<EngineBusyException>(() => Of("greedy"));
        Task urgent = Of("greedy", priority: 1);
        (await Should.ThrowAsync<EngineBusyException>(() => second)).Message.ShouldContain("one of a higher priority");
        held.Release();
        await Task.WhenAll(greedy[0], greedy[1], first, urgent);
    }

    /// <summary>One tenant keeps 64 requests in the engine, another asks one after the other: counted in steps, not in time.</summary>
    [Fact]
    public async Task AGreedyTenant_CostsAModestOneNoMoreThanItsShare()
    {
        const int Places = 4, Answers = 12, Tokens = 20;
        using SmallEngine engine = new(scheduler: new SchedulerOptions { MaxRunning = Places, PrefixCacheBytes = 0 });
        int[] text = SmallEngine.Text(8);
        int rows = 0, lastModest = 0;
        using ILoadedAdapter greedy = await engine.LoadAsync(Counting(() => { })), modest = await engine.LoadAsync(Counting(() => Volatile.Write(ref lastModest, Volatile.Read(ref rows))));
        Effect Counting(Action counted) => new TestEffects.Linear(new LinearSite(-1, LinearKind.Head), null, (_, y) =>
        {
            // On the engine's thread: one call a step for all answers of the adapter, a row each.
            Interlocked.Add(ref rows, y[0]);
            counted();
            return y;
        });
        GenerationRequest Of(ILoadedAdapter adapter, string tenant, int tokens) =>
            new() { Prompt = text, MaxTokens = tokens, EndIds = new HashSet<int>(), Adapter = adapter, Tenant = tenant };

        using CancellationTokenSource enough = new();
        async Task CrowdAsync()
        {
            while (!enough.IsCancellationRequested)
            {
                await AskAsync(engine, Of(greedy, "greedy", Tokens));
            }
        }

        Task[] crowd;
        await using (Held held = await Held.StartAsync(engine))
        {
            crowd = [.. Enumerable.Range(0, 64).Select(_ => Task.Run(CrowdAsync))];
            while (engine.Engine.Statistics.Waiting < 60)
            {
                await Task.Yield();
            }

            held.Release();
        }

        List<int> costs = [];
        for (int i = 0; i < Answers; i++)
        {
            int before = Volatile.Read(ref rows);
            await AskAsync(engine, Of(modest, "modest", Tokens));
            costs.Add(Volatile.Read(ref lastModest) - before);
        }

        await enough.CancelAsync();
        await Task.WhenAll(crowd);

        // A place of four is a row of four: 80 rows for its 20, and the steps until it is let in. In the order of arrival it would be some 1,300.
        // The median, because a test's thread that sleeps between looking and asking counts as well.
        int cost = costs.Order().ElementAt(Answers / 2);
        cost.ShouldBeInRange(Tokens, 2 * Places * Tokens, string.Join(' ', costs));
    }

    [Fact]
    public async Task Weights_ShareTheEngine()
    {
        using SmallEngine engine = new(scheduler: new SchedulerOptions
        {
            MaxRunning = 4, PrefixCacheBytes = 0, Weights = new Dictionary<string, double> { ["gold"] = 3 },
        });
        List<string> finished = [];
        async Task AsTenantAsync(string tenant, int seed)
        {
            await AskAsync(engine, new GenerationRequest { Prompt = SmallEngine.Text(20, seed), MaxTokens = 60, EndIds = new HashSet<int>(), Tenant = tenant });
            lock (finished)
            {
                finished.Add(tenant);
            }
        }

        Task[] all;
        await using (Held held = await Held.StartAsync(engine))
        {
            all = [.. Enumerable.Range(0, 24).SelectMany(i => new[] { AsTenantAsync("plain", i), AsTenantAsync("gold", i) })];
            held.Release();
        }

        await Task.WhenAll(all);
        finished.Take(24).Count(t => t == "gold").ShouldBeInRange(15, 21, string.Join(' ', finished));
    }

    [Fact]
    public void OptionsOutOfRange_AreNamed()
    {
        Refuse(nameof(SchedulerOptions.MaxRunning), new() { MaxRunning = 0 });
        Refuse(nameof(SchedulerOptions.MaxQueue), new() { MaxQueue = -1 });
        Refuse(nameof(SchedulerOptions.MaxStepTokens), new() { MaxStepTokens = 0 });
        Refuse(nameof(SchedulerOptions.StepTarget), new() { StepTarget = TimeSpan.Zero });
        Refuse(nameof(SchedulerOptions.TokenTarget), new() { TokenTarget = TimeSpan.Zero });
        Refuse(nameof(SchedulerOptions.KeyValueBytes), new() { KeyValueBytes = 0 });
        Refuse(nameof(SchedulerOptions.PrefixCacheBytes), new() { PrefixCacheBytes = -1 });
        Refuse("Weights:a", new() { Weights = new Dictionary<string, double> { ["a"] = 0 } });
    }

    private static void Refuse(string option, SchedulerOptions options) =>
        Should.Throw<InvalidOptionException>(options.Validated).Option.ShouldBe(option);

    private static async Task AskAsync(SmallEngine engine, GenerationRequest request)
    {
        await foreach (GenerationUpdate _ in engine.Engine.GenerateAsync(request))
        {
        }
    }
}
