using SkPeft.Engine.Generation;
using SkPeft.Engine.Sampling;

namespace SkPeft.Engine.Tests.Generation;

/// <summary>Soft tokens in the middle of the prompt: ids below 0.</summary>
public sealed class SlotTests
{
    [Fact]
    public async Task Requests_WithPlaceholders_AreThoseWithTheTokensThemselves()
    {
        using SmallEngine engine = new();
        using ILoadedAdapter adapter = await LoadAsync(engine, [11, 12]);
        int[] written = [.. SmallEngine.Text(3), 11, 5, 12, 12, 6], slotted = [.. SmallEngine.Text(3), -1, 5, -2, -2, 6];

        (await engine.GreedyAsync(slotted, 6, adapter)).ShouldBe(await engine.GreedyAsync(written, 6));
        async Task<double[]> ScoreAsync(int[] prompt, ILoadedAdapter? with) =>
            await engine.Engine.ScoreAsync(prompt, [7, 8], with, cancellationToken: TestContext.Current.CancellationToken);
        double[] scores = await ScoreAsync(slotted, adapter), expected = await ScoreAsync(written, null);
        scores.Zip(expected).ShouldAllBe(p => Math.Abs(p.First - p.Second) < 1e-5);
    }

    [Fact]
    public async Task Generate_WithPenalties_PlaceholdersAreNoTokensThatWereUsed()
    {
        using SmallEngine engine = new();
        using ILoadedAdapter adapter = await LoadAsync(engine, [11]);
        GenerationRequest request = new() { Prompt = [3, -1, 4], Adapter = adapter, MaxTokens = 3, Sampling = new SamplingOptions { RepetitionPenalty = 1.3f } };

        int count = 0;
        await foreach (GenerationUpdate update in engine.Engine.GenerateAsync(request, TestContext.Current.CancellationToken))
        {
            count++;
        }

        count.ShouldBe(3);
    }

    [Fact]
    public async Task Requests_WithoutPlacesForAllSoftTokens_SayWhichAreMissing()
    {
        using SmallEngine engine = new();
        using ILoadedAdapter adapter = await LoadAsync(engine, [11, 12, 13]);

        InvalidOptionException error = await Should.ThrowAsync<InvalidOptionException>(() => engine.GreedyAsync([3, -2, 4], 2, adapter));

        error.Message.ShouldContain("a prompt without [P1] [P3]");
        error.Message.ShouldContain("as in '[P1] {x} [P2]'");
        (await Should.ThrowAsync<InvalidOptionException>(async () => await engine.Engine.ScoreAsync([3], [4], adapter))).Message.ShouldContain("[P1] [P2] [P3]");
    }

    [Fact]
    public async Task Requests_PlaceholdersThatTheAdapterDoesNotHave_AreRefused()
    {
        using SmallEngine engine = new();
        using ILoadedAdapter adapter = await LoadAsync(engine, [11, 12]);

        (await Should.ThrowAsync<InvalidOptionException>(() => engine.GreedyAsync([-1, -2, -3], 2, adapter))).Message.ShouldContain("-1 to -2");
        (await Should.ThrowAsync<InvalidOptionException>(() => engine.GreedyAsync([3, -1], 2))).Message.ShouldContain("token id: -1 is not accepted, expected 0 to 36");
        (await Should.ThrowAsync<InvalidOptionException>(async () => await engine.Engine.ScoreAsync([-1, -2], [-1], adapter))).Message.ShouldContain("-1");
    }

    [Fact]
    public async Task Load_SlotsBesideAChangeOfTokens_IsRefused()
    {
        using SmallEngine engine = new();
        SlotEmbeddingsEffect slots = new(new Tensor(2, 16), new SoftSlots(2, ""));

        await Should.ThrowAsync<AdapterShapeException>(() => engine.LoadAsync(slots, new SkPeft.Tensors.Effects.AddedPositionsEffect(new Tensor(2, 16))));
        await Should.ThrowAsync<AdapterShapeException>(() => engine.LoadAsync(slots, slots));
        await Should.ThrowAsync<AdapterShapeException>(() => engine.LoadAsync(new SlotEmbeddingsEffect(new Tensor(3, 16), new SoftSlots(2, ""))));
    }

    private static Task<ILoadedAdapter> LoadAsync(SmallEngine engine, int[] words)
    {
        Tensor table = engine.Reference.Weight("model.embed_tokens"), rows = new(words.Length, 16);
        for (int i = 0; i < words.Length; i++)
        {
            table.Row(words[i]).CopyTo(rows.Row(i));
        }

        return engine.LoadAsync(new SlotEmbeddingsEffect(rows, new SoftSlots(words.Length, "[P1] {x} [P2]")));
    }
}
