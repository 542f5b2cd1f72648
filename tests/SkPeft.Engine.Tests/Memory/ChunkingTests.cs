using SkPeft.Engine.Adapters;
using SkPeft.Engine.Tests.Generation;
using SkPeft.Engine.Memory;
using SkPeft.Testing;

namespace SkPeft.Engine.Tests.Memory;

/// <summary>However a text is cut into steps, its logits are the same: across pages of 16 positions and chunks of 512 tokens.</summary>
public sealed class ChunkingTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(33)]
    [InlineData(511)]
    [InlineData(512)]
    [InlineData(513)]
    [InlineData(1040)]
    public async Task Prefill_GivesTheLogitsOfOneTokenAtATime(int length)
    {
        using SmallEngine engine = new();
        int[] ids = SmallEngine.Text(length);
        ShouldBeEqual(await engine.LogitsAsync(ids), await engine.StepwiseAsync(ids, EffectPlan.Empty), 1e-5f);
    }

    [Fact]
    public async Task Logits_BehindAChunkBorder_AreTheReferences()
    {
        using SmallEngine engine = new();
        int[] ids = SmallEngine.Text(530);
        Tensor expected = engine.Reference.Logits(ids, ids.Length, []);
        float[][] found = await engine.LogitsAsync(ids);
        ShouldBeEqual(found, [.. Enumerable.Range(0, ids.Length).Select(i => expected.Row(i).ToArray())], 1e-4f);
    }

    [Theory]
    [InlineData(1, 12)]
    [InlineData(3, 13)]
    [InlineData(16, 500)]
    [InlineData(40, 490)]
    public async Task VirtualTokens_MoveTheBorders_ButNotTheLogits(int rows, int first)
    {
        using SmallEngine engine = new();
        ModelSizes s = engine.Reference.Shape.Sizes;
        Random random = new(rows);
        TestEffects.Position position = new(0.2f);
        Effect[] effects =
        [
            position,
            new PromptEmbeddingsEffect(RandomTensors.Normal(random, 1, rows, s.HiddenSize)),
            .. Enumerable.Range(0, s.Layers).Select(layer => new KeyValuePrefixEffect(layer,
                RandomTensors.Normal(random, 1, rows + 2, s.KeyValueWidth), RandomTensors.Normal(random, 1, rows + 2, s.KeyValueWidth))),
        ];
        int[] ids = SmallEngine.Text(530);
        using EffectPlan plan = EffectPlan.Compile("test", "test", effects, engine.Reference.Shape);
        float[][] stepwise = await engine.StepwiseAsync(ids, plan, first);
        position.Calls.ShouldBe([(0, first), .. Enumerable.Range(first, 530 - first).Select(at => (at, 1))]);

        position.Calls.Clear();
        using ILoadedAdapter adapter = await engine.LoadAsync(effects);
        float[][] found = await engine.LogitsAsync(ids, adapter);
        position.Calls.ShouldBe([(0, 512), (512, 18)]);
        ShouldBeEqual(found, stepwise, 1e-5f);

        Tensor expected = engine.Reference.Logits(ids, ids.Length, effects);
        ShouldBeEqual(found, [.. Enumerable.Range(0, ids.Length).Select(i => expected.Row(i).ToArray())], 1e-4f);
    }

    [Fact]
    public async Task TokenEmbeddingEffect_WhileDecoding_IsToldThePositionInTheText()
    {
        using SmallEngine engine = new();
        TestEffects.Position position = new(0.2f);
        using ILoadedAdapter adapter = await engine.LoadAsync(position, new PromptEmbeddingsEffect(RandomTensors.Normal(new Random(2), 1, 5, 16)));
        await engine.GreedyAsync(SmallEngine.Text(7), 4, adapter);
        position.Calls.ShouldBe([(0, 7), (7, 1), (8, 1), (9, 1)]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Threads_DoNotChangeTheLogits(int threads)
    {
        using SmallEngine one = new(threads: 1);
        using SmallEngine many = new(threads: threads);
        int[] ids = SmallEngine.Text(300);
        ShouldBeEqual(await many.LogitsAsync(ids), await one.LogitsAsync(ids), 1e-5f);
    }

    [Fact]
    public async Task HalfCache_TakesHalfThePages_AndIsCloseToTheFullOne()
    {
        using SmallEngine full = new();
        using SmallEngine half = new(halfCache: true);
        int[] ids = SmallEngine.Text(100);
        float[][] expected = await full.LogitsAsync(ids);
        float[][] found = await half.LogitsAsync(ids);
        ShouldBeEqual(found, expected, 2e-2f);
        found[^1].ShouldNotBe(expected[^1]);
        half.Pages.Bytes.ShouldBe(full.Pages.Bytes / 2);
    }

    [Fact]
    public async Task UsedPages_LeaveNoTraceInTheNextSequence()
    {
        using SmallEngine engine = new();
        int[] ids = SmallEngine.Text(70);
        float[][] clean = await engine.LogitsAsync(ids);
        unsafe
        {
            KvPage[] pages = [.. Enumerable.Range(0, 12).Select(_ => engine.Pages.Rent())];
            foreach (KvPage page in pages)
            {
                new Span<float>(page.Start, (int)(engine.Pages.Layout.PageBytes / sizeof(float))).Fill(float.NaN);
                engine.Pages.Return(page);
            }
        }

        ShouldBeEqual(await engine.LogitsAsync(ids), clean, 0);
    }

    private static void ShouldBeEqual(float[][] found, float[][] expected, float tolerance)
    {
        found.Length.ShouldBe(expected.Length);
        for (int row = 0; row < found.Length; row++)
        {
            float worst = found[row].Zip(expected[row], (a, b) => MathF.Abs(a - b)).Max();
            worst.ShouldBeLessThanOrEqualTo(tolerance, $"token {row}");
        }
    }
}
