using SkPeft.Engine.Adapters;
using SkPeft.Engine.Tests.Generation;
using SkPeft.Testing;

namespace SkPeft.Engine.Tests.Adapters;

/// <summary>Soft tokens that are generated from the instruction (IAPT, arXiv 2405.18203): once a layer and sequence, at prefill.</summary>
public sealed class GeneratedPrefixTests : IDisposable
{
    private readonly SmallEngine _engine = new();

    public void Dispose() => _engine.Dispose();

    [Fact]
    public async Task Generator_RunsOnceALayerAndSequence_AndDecodingNeverCallsIt()
    {
        TestEffects.Generator[] generators = [new(0, 3), new(1, 3)];
        using ILoadedAdapter adapter = await _engine.LoadAsync(generators);
        await _engine.GreedyAsync(SmallEngine.Text(12), 30, adapter);
        generators.Select(g => g.Calls.Count).ShouldBe([1, 1]);
        generators.ShouldAllBe(g => g.Calls[0][0] == 12 && g.Calls[0][1] == 16);
        await Task.WhenAll(_engine.GreedyAsync(SmallEngine.Text(700), 5, adapter), _engine.GreedyAsync(SmallEngine.Text(5), 5, adapter));
        generators.Select(g => g.Calls.Count).ShouldBe([3, 3]);
    }

    [Theory]
    [InlineData(9, 9)]
    [InlineData(9, 4)]
    [InlineData(40, 1)]
    [InlineData(530, 520)]
    [InlineData(700, 600)]
    [InlineData(600, 20)]
    public async Task Generator_SeesTheInstructionAlone_HoweverThePromptIsCut(int length, int instruction)
    {
        TestEffects.Generator[] generators = [new(0, 5), new(1, 5)];
        int[] ids = SmallEngine.Text(length);
        using ILoadedAdapter adapter = await _engine.LoadAsync(generators);
        float[][] found = await _engine.LogitsAsync(ids, adapter, instruction);
        generators.ShouldAllBe(g => g.Calls.Count == 1 && g.Calls[0][0] == instruction);

        Tensor expected = _engine.Reference.Logits(ids, instruction, generators);
        for (int row = 0; row < length; row++)
        {
            float worst = 0;
            for (int i = 0; i < found[row].Length; i++)
            {
                worst = MathF.Max(worst, MathF.Abs(found[row][i] - expected.Row(row)[i]));
            }

            worst.ShouldBeLessThan(1e-4f, $"token {row}");
        }
    }

    [Fact]
    public async Task Decoding_GivesTheLogitsOfPrefill()
    {
        TestEffects.Generator[] generators = [new(0, 7), new(1, 7)];
        int[] ids = SmallEngine.Text(50);
        using ILoadedAdapter adapter = await _engine.LoadAsync(generators);
        float[][] found = await _engine.LogitsAsync(ids, adapter, 20);
        using EffectPlan plan = EffectPlan.Compile("test", "test", generators, _engine.Reference.Shape);
        float[][] stepwise = await _engine.StepwiseAsync(ids, plan, first: 20, instruction: 20);
        for (int row = 0; row < ids.Length; row++)
        {
            found[row].Zip(stepwise[row], (a, b) => MathF.Abs(a - b)).Max().ShouldBeLessThan(1e-5f, $"token {row}");
        }
    }

    [Fact]
    public async Task ALaterTurn_KeepsThePromptOfTheFirst()
    {
        TestEffects.Generator[] generators = [new(0, 4), new(1, 4)];
        using ILoadedAdapter adapter = await _engine.LoadAsync(generators);
        int[] first = SmallEngine.Text(10);
        await _engine.LogitsAsync(first, adapter, 10);
        await _engine.LogitsAsync([.. first, .. SmallEngine.Text(25, 9)], adapter, 10);
        for (int layer = 0; layer < 2; layer++)
        {
            Tensor before = generators[layer].Calls[0];
            Tensor after = generators[layer].Calls[1];
            after.Shape.ToArray().ShouldBe(before.Shape.ToArray());
            after.Data.ToArray().Zip(before.Data.ToArray(), (a, b) => MathF.Abs(a - b)).Max().ShouldBeLessThan(1e-5f);
        }
    }

    [Fact]
    public async Task Generator_UnderEffectsOnItsProjections_MeetsThemToo()
    {
        Random random = new(6);
        Effect[] effects =
        [
            new TestEffects.Generator(0, 40), new TestEffects.Generator(1, 40),
            new InputScaleEffect(new LinearSite(0, LinearKind.Key), RandomTensors.Normal(random, 0.5, 16)),
            new WeightEffect(new LinearSite(1, LinearKind.Value), RandomTensors.Normal(random, 0.3, 8, 16), null),
            new NormEffect(new NormSite(0, NormKind.Attention), RandomTensors.Normal(random, 0.5, 16)),
        ];
        using ILoadedAdapter adapter = await _engine.LoadAsync(effects);
        float[][] found = await _engine.LogitsAsync([3, 8], adapter, 2);
        Tensor expected = _engine.Reference.Logits([3, 8], 2, effects);
        found[1].Zip(expected.Row(1).ToArray(), (a, b) => MathF.Abs(a - b)).Max().ShouldBeLessThan(1e-4f);
    }
}
