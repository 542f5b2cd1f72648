using SkPeft.Engine.Generation;
using SkPeft.Engine.Scheduling;
using SkPeft.Engine.Tests.Generation;

namespace SkPeft.Engine.Tests.Scheduling;

/// <summary>A generator needs the whole instruction; reading it does not hold up answers that stream.</summary>
public sealed class LayeredTests
{
    [Fact]
    public async Task ALongInstructionOfAGenerator_IsReadLayerByLayer_BesideAStream_AndGivesTheSameText()
    {
        using SmallEngine alone = new();
        using SmallEngine engine = new(scheduler: new SchedulerOptions { MaxStepTokens = 32, PrefixCacheBytes = 0 });
        Effect[] effects = [new TestEffects.Generator(0, 3), new TestEffects.Generator(1, 3)];
        int[] instruction = SmallEngine.Text(300);
        using ILoadedAdapter same = await alone.LoadAsync(effects);
        int[] expected = await alone.GreedyAsync(instruction, 12, same);
        int[] streamed = await alone.GreedyAsync([4, 2], 1500);

        using ILoadedAdapter adapter = await engine.LoadAsync(effects);
        List<int> stream = [];
        Task<int[]>? asked = null;
        await foreach (GenerationUpdate update in engine.Engine.GenerateAsync(
            new GenerationRequest { Prompt = [4, 2], MaxTokens = 1500, EndIds = new HashSet<int>() }, TestContext.Current.CancellationToken))
        {
            stream.Add(update.Token!.Value.Id);
            asked ??= Task.Run(() => engine.GreedyAsync(instruction, 12, adapter));
        }

        (await asked!).ShouldBe(expected);
        stream.ShouldBe(streamed);
        engine.Engine.Statistics.LayeredSteps.ShouldBeGreaterThan(1);
        engine.Pages.InUse.ShouldBe(0);
    }

    [Fact]
    public async Task InstructionsThatFitAStep_EachWaitForRoom_AndAreNotReadLayerByLayer()
    {
        using SmallEngine alone = new();
        using SmallEngine engine = new(scheduler: new SchedulerOptions { MaxStepTokens = 64, StepTarget = TimeSpan.FromHours(1), PrefixCacheBytes = 0 });
        Effect[] effects = [new TestEffects.Generator(0, 3), new TestEffects.Generator(1, 3)];
        int[][] instructions = [SmallEngine.Text(40), SmallEngine.Text(45), SmallEngine.Text(50)];
        using ILoadedAdapter same = await alone.LoadAsync(effects);
        List<int[]> expected = [];
        foreach (int[] instruction in instructions)
        {
            expected.Add(await alone.GreedyAsync(instruction, 12, same));
        }

        using ILoadedAdapter adapter = await engine.LoadAsync(effects);
        Task<int[]>[]? asked = null;
        await foreach (GenerationUpdate _ in engine.Engine.GenerateAsync(
            new GenerationRequest { Prompt = [4, 2], MaxTokens = 500, EndIds = new HashSet<int>() }, TestContext.Current.CancellationToken))
        {
            if (asked is null)
            {
                await using Held held = await Held.StartAsync(engine);
                asked = [.. instructions.Select(i => engine.GreedyAsync(i, 12, adapter))];
                held.Release();
            }
        }

        int[][] answers = await Task.WhenAll(asked!);
        for (int i = 0; i < answers.Length; i++)
        {
            answers[i].ShouldBe(expected[i]);
        }

        engine.Engine.Statistics.LayeredSteps.ShouldBe(0);
    }

    [Fact]
    public async Task APass_ThatIsCancelled_GivesItsPagesBack()
    {
        using SmallEngine engine = new(scheduler: new SchedulerOptions { MaxStepTokens = 32, PrefixCacheBytes = 0 });
        for (int round = 0; round < 10; round++)
        {
            // Counted, not timed: the client goes away while its instruction is at the call of this number.
            int calls = 0;
            using CancellationTokenSource cancel = new();
            using ILoadedAdapter adapter = await engine.LoadAsync(new TestEffects.Generator(0, 3), new TestEffects.Generator(1, 3), new TestEffects.Linear(new LinearSite(1, LinearKind.Down), null, (_, y) =>
            {
                if (++calls == 1 + (4 * round))
                {
                    cancel.Cancel();
                }

                return y;
            }));
            Task<int[]> stream = engine.GreedyAsync([4, 2], 200);
            Func<Task> ask = async () =>
            {
                await foreach (GenerationUpdate _ in engine.Engine.GenerateAsync(new GenerationRequest { Prompt = SmallEngine.Text(1500), MaxTokens = 400, Adapter = adapter }, cancel.Token))
                {
                }
            };
            await Should.ThrowAsync<OperationCanceledException>(ask);
            await stream;
        }

        engine.Pages.InUse.ShouldBe(0);
    }
}
