using SkPeft.Engine.Generation;
using SkPeft.Testing;

namespace SkPeft.Engine.Tests.Generation;

public sealed class ConcurrencyTests
{
    [Fact]
    public async Task EightRequestsAtOnce_GiveTheTextsThatEachGivesAlone()
    {
        using SmallEngine engine = new();
        Random random = new(4);
        using ILoadedAdapter adapter = await engine.LoadAsync(
            new LowRankEffect(new LinearSite(0, LinearKind.Query), RandomTensors.Normal(random, 0.3, 4, 16), RandomTensors.Normal(random, 0.3, 16, 4), 1),
            new TestEffects.Position(0.4f), new TestEffects.Generator(0, 3), new TestEffects.Generator(1, 3));
        int[] lengths = [1, 7, 16, 31, 100, 513, 3, 40];
        Task<int[]> Run(int i) => engine.GreedyAsync(SmallEngine.Text(lengths[i], i), 25, i % 2 == 0 ? adapter : null);

        int[][] alone = new int[8][];
        for (int i = 0; i < 8; i++)
        {
            alone[i] = await Run(i);
        }

        int[][] together = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(() => Run(i))));

        together.ShouldBe(alone);
        alone.Select(a => string.Join(' ', a)).Distinct().Count().ShouldBe(8);
        engine.Pages.InUse.ShouldBe(0);
    }

    [Fact]
    public async Task CancellingSomeOfMany_LeavesTheOthersAsTheyAre()
    {
        using SmallEngine engine = new();
        int[] expected = await engine.GreedyAsync(SmallEngine.Text(9), 60);
        using CancellationTokenSource cancel = new();
        Task[] cancelled = [.. Enumerable.Range(0, 6).Select(i => Task.Run(async () =>
        {
            int count = 0;
            await foreach (GenerationUpdate _ in engine.Engine.GenerateAsync(new GenerationRequest { Prompt = SmallEngine.Text(40, i), MaxTokens = 1500 }, cancel.Token))
            {
                if (++count == 10 && i == 0)
                {
                    await cancel.CancelAsync();
                }
            }
        }))];
        Task<int[]> kept = engine.GreedyAsync(SmallEngine.Text(9), 60);
        foreach (Task task in cancelled)
        {
            await Should.ThrowAsync<OperationCanceledException>(() => task);
        }

        (await kept).ShouldBe(expected);
        engine.Pages.InUse.ShouldBe(0);
    }
}
