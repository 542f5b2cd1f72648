using SkPeft.Engine.Generation;
using SkPeft.Engine.Scheduling;
using SkPeft.Engine.Tests.Generation;
using SkPeft.Testing;

namespace SkPeft.Engine.Tests.Scheduling;

/// <summary>Pages: shared by content, copied before they are written, given back, and never enough for everyone.</summary>
public sealed class PageTests
{
    private static readonly long s_page = new Tensors.Kernels.KvPageLayout(2, 2, 4).PageBytes;

    [Fact]
    public async Task TheSameBeginning_IsComputedOnce_AndGivesTheSameText()
    {
        using SmallEngine engine = new(scheduler: new SchedulerOptions());
        int[] prompt = SmallEngine.Text(70);
        int[] first = await engine.GreedyAsync(prompt, 10);
        engine.Engine.Statistics.FoundRows.ShouldBe(0);
        (await engine.GreedyAsync(prompt, 10)).ShouldBe(first);
        engine.Engine.Statistics.FoundRows.ShouldBe(64);

        // Another end of the same beginning.
        int[] other = [.. prompt.Take(40), 3, 3, 3, 3, 3, 3, 3, 3, 3, 3];
        using SmallEngine fresh = new();
        (await engine.GreedyAsync(other, 10)).ShouldBe(await fresh.GreedyAsync(other, 10));
        engine.Engine.Statistics.FoundRows.ShouldBe(64 + 32);
    }

    [Fact]
    public async Task AnAdapter_ThatChangesKeys_NeverSeesTheBasesPages_NorThoseOfItsOtherVersion()
    {
        using SmallEngine engine = new(scheduler: new SchedulerOptions());
        using SmallEngine fresh = new();
        int[] prompt = SmallEngine.Text(50);
        _ = await engine.GreedyAsync(prompt, 3);
        for (int version = 0; version < 3; version++)
        {
            Effect effect = Lora(new LinearSite(0, LinearKind.Key), version);
            using ILoadedAdapter adapter = await engine.LoadAsync(effect);
            using ILoadedAdapter same = await fresh.LoadAsync(effect);
            (await engine.GreedyAsync(prompt, 10, adapter)).ShouldBe(await fresh.GreedyAsync(prompt, 10, same));
            engine.Engine.Statistics.FoundRows.ShouldBe(0);
        }
    }

    public static TheoryData<Effect, bool> Declarations => new()
    {
        { Lora(new LinearSite(-1, LinearKind.Head), 1), true },
        { Lora(new LinearSite(1, LinearKind.Down), 1), true },
        { Lora(new LinearSite(1, LinearKind.Output), 1), true },
        { Lora(new LinearSite(1, LinearKind.Value), 1), false },
        { Lora(new LinearSite(0, LinearKind.Down), 1), false },
        { new NormEffect(new NormSite(-1, NormKind.Final), Ones()), true },
        { new NormEffect(new NormSite(1, NormKind.Mlp), Ones()), true },
        { new NormEffect(new NormSite(1, NormKind.Attention), Ones()), false },
    };

    [Theory]
    [MemberData(nameof(Declarations), DisableDiscoveryEnumeration = true)]
    public async Task WhatLeavesKeysAndValuesAsTheyAre_SharesTheBasesPages_AndNothingElse(Effect effect, bool shares)
    {
        using SmallEngine engine = new(scheduler: new SchedulerOptions());
        using SmallEngine fresh = new();
        int[] prompt = SmallEngine.Text(50);
        int[] bare = await engine.GreedyAsync(prompt, 12);
        using ILoadedAdapter adapter = await engine.LoadAsync(effect);
        using ILoadedAdapter same = await fresh.LoadAsync(effect);
        int[] found = await engine.GreedyAsync(prompt, 12, adapter);
        found.ShouldBe(await fresh.GreedyAsync(prompt, 12, same));
        found.ShouldNotBe(bare);
        engine.Engine.Statistics.FoundRows.ShouldBe(shares ? 48 : 0);
    }

    [Fact]
    public async Task AStaticPrefix_IsComputedOnce_AndSharedByAllTexts()
    {
        using SmallEngine engine = new(scheduler: new SchedulerOptions());
        using SmallEngine fresh = new();
        Effect prompt = new PromptEmbeddingsEffect(RandomTensors.Normal(new Random(2), 0.5, 21, 16));
        using ILoadedAdapter adapter = await engine.LoadAsync(prompt);
        using ILoadedAdapter same = await fresh.LoadAsync(prompt);
        _ = await engine.GreedyAsync([1, 2], 2, adapter);
        for (int i = 0; i < 4; i++)
        {
            int[] text = SmallEngine.Text(9, i);
            (await engine.GreedyAsync(text, 20, adapter)).ShouldBe(await fresh.GreedyAsync(text, 20, same));
        }

        engine.Engine.Statistics.FoundRows.ShouldBe(4 * 21);
    }

    [Fact]
    public async Task AStaticPrefix_IsComputedOnce_AlsoByRequestsThatComeTogether()
    {
        using SmallEngine engine = new(scheduler: new SchedulerOptions());
        using SmallEngine fresh = new();
        Effect prompt = new PromptEmbeddingsEffect(RandomTensors.Normal(new Random(2), 0.5, 21, 16));
        using ILoadedAdapter adapter = await engine.LoadAsync(prompt);
        using ILoadedAdapter same = await fresh.LoadAsync(prompt);
        Task<int[]>[] all;
        await using (Held held = await Held.StartAsync(engine))
        {
            all = [.. Enumerable.Range(0, 7).Select(i => engine.GreedyAsync(SmallEngine.Text(9, i), 20, adapter))];
        }

        for (int i = 0; i < all.Length; i++)
        {
            (await all[i]).ShouldBe(await fresh.GreedyAsync(SmallEngine.Text(9, i), 20, same));
        }

        engine.Engine.Statistics.FoundRows.ShouldBe(6 * 21);
    }

    [Fact]
    public async Task AStaticPrefix_IsNotPushedOutByTheTextsOfOthers()
    {
        using SmallEngine engine = new(scheduler: new SchedulerOptions { PrefixCacheBytes = 6 * s_page });
        using ILoadedAdapter adapter = await engine.LoadAsync(new PromptEmbeddingsEffect(RandomTensors.Normal(new Random(2), 0.5, 21, 16)));
        _ = await engine.GreedyAsync([1, 2], 2, adapter);
        _ = await engine.GreedyAsync(SmallEngine.Text(400), 2);
        long before = engine.Engine.Statistics.FoundRows;
        _ = await engine.GreedyAsync([3, 4], 2, adapter);
        (engine.Engine.Statistics.FoundRows - before).ShouldBe(21);
        engine.Engine.Statistics.CachedPages.ShouldBeLessThanOrEqualTo(6);
    }

    [Fact]
    public async Task StaticPrefixesOfMany_LeaveHalfOfWhatIsRememberedToTexts()
    {
        using SmallEngine engine = new(scheduler: new SchedulerOptions { PrefixCacheBytes = 8 * s_page });
        for (int i = 0; i < 6; i++)
        {
            using ILoadedAdapter adapter = await engine.LoadAsync(new PromptEmbeddingsEffect(RandomTensors.Normal(new Random(i), 0.5, 32, 16)));
            _ = await engine.GreedyAsync([1, 2], 2, adapter);
        }

        int[] text = SmallEngine.Text(49);
        _ = await engine.GreedyAsync(text, 2);
        long before = engine.Engine.Statistics.FoundRows;
        _ = await engine.GreedyAsync(text, 2);
        (engine.Engine.Statistics.FoundRows - before).ShouldBe(48);
    }

    [Fact]
    public async Task PagesForFew_ServeMany_AndNothingIsLost()
    {
        using SmallEngine roomy = new();
        using SmallEngine tight = new(scheduler: new SchedulerOptions { KeyValueBytes = 14 * s_page, PrefixCacheBytes = 0 });
        int[][] expected = new int[12][];
        for (int i = 0; i < expected.Length; i++)
        {
            expected[i] = await roomy.GreedyAsync(SmallEngine.Text(30, i), 60);
        }

        Task<int[]>[] all;
        await using (Held held = await Held.StartAsync(tight))
        {
            all = [.. Enumerable.Range(0, 12).Select(i => tight.GreedyAsync(SmallEngine.Text(30, i), 60))];
        }

        (await Task.WhenAll(all)).ShouldBe(expected);
        tight.Engine.Statistics.Preemptions.ShouldBeGreaterThan(0);
        tight.Pages.InUse.ShouldBe(0);
    }

    [Fact]
    public async Task ATextThatNeverFits_IsRefused_WithTheOptionThatWouldHelp()
    {
        using SmallEngine engine = new(scheduler: new SchedulerOptions { KeyValueBytes = 4 * s_page, PrefixCacheBytes = 0 });
        ContextLengthException error = await Should.ThrowAsync<ContextLengthException>(() => engine.GreedyAsync(SmallEngine.Text(100), 3));
        error.Message.ShouldContain(nameof(SchedulerOptions.KeyValueBytes));
        (await Should.ThrowAsync<ContextLengthException>(() => engine.GreedyAsync(SmallEngine.Text(40), 200))).Limit.ShouldBe(64);
        (await engine.GreedyAsync(SmallEngine.Text(40), 10)).Length.ShouldBe(10);
        engine.Pages.InUse.ShouldBe(0);
    }

    [Fact]
    public async Task ACancelledRequest_GivesItsPagesBack_WhileOthersRun()
    {
        using SmallEngine engine = new(scheduler: new SchedulerOptions { PrefixCacheBytes = 0 });
        using CancellationTokenSource cancel = new();
        IAsyncEnumerator<GenerationUpdate> other = engine.Engine.GenerateAsync(new GenerationRequest { Prompt = [1], MaxTokens = 2000, EndIds = new HashSet<int>() }, TestContext.Current.CancellationToken)
            .GetAsyncEnumerator(TestContext.Current.CancellationToken);
        await other.MoveNextAsync();
        Task<int[]> cancelled = Task.Run(async () =>
        {
            await foreach (GenerationUpdate _ in engine.Engine.GenerateAsync(new GenerationRequest { Prompt = SmallEngine.Text(1000), MaxTokens = 900, EndIds = new HashSet<int>() }, cancel.Token))
            {
                await cancel.CancelAsync();
            }

            return Array.Empty<int>();
        });
        await Should.ThrowAsync<OperationCanceledException>(() => cancelled);

        // The other one's 2001 positions are 126 pages at most; the cancelled one had 63 of its own.
        engine.Pages.InUse.ShouldBeLessThan(127);
        await other.DisposeAsync();
        engine.Pages.InUse.ShouldBe(0);
    }

    private static LowRankEffect Lora(LinearSite site, int seed)
    {
        Random random = new(seed + 40);
        ModelShape shape = new(SmallEngine.Sizes());
        ModuleInfo module = shape.ModuleOf(site);
        return new LowRankEffect(site, RandomTensors.Normal(random, 0.5, 2, module.Inputs), RandomTensors.Normal(random, 0.5, module.Outputs, 2), 1);
    }

    private static Tensor Ones()
    {
        Tensor tensor = new(16);
        for (int i = 0; i < 16; i++)
        {
            tensor.Data[i] = i % 2 == 0 ? 2f : 0.3f;
        }

        return tensor;
    }
}
