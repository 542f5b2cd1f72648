using SkPeft.PeftPlugins.Tests.Conformance;

namespace SkPeft.PeftPlugins.Tests.Batching;

/// <summary>A row in a step that it shares with another method's gives the logits that it gives alone (E4 of the methods' reference).</summary>
public sealed class MixedBatchTests(SampleEngine engine) : IClassFixture<SampleEngine>
{
    public static TheoryData<string> Names => ["", .. MethodSamples.Names.Select(n => n.Data)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task EveryPair_OfThisMethodAndAnother_GivesTheLogitsThatEachGivesAlone(string name)
    {
        int[] text = SampleEngine.Text(name, 19, 1);
        using ILoadedAdapter? adapter = await engine.LoadAsync(name);
        float[][] alone = await engine.LogitsAsync(text, adapter);
        foreach (string other in Names.Select(n => n.Data).Where(n => string.CompareOrdinal(n, name) >= 0))
        {
            int[] otherText = SampleEngine.Text(other, 26, 2);
            using ILoadedAdapter? otherAdapter = await engine.LoadAsync(other);
            float[][] otherAlone = await engine.LogitsAsync(otherText, otherAdapter);
            Task<float[][]>? first = null, second = null;
            await engine.TogetherAsync(() => [first = engine.LogitsAsync(text, adapter), second = engine.LogitsAsync(otherText, otherAdapter)]);
            ShouldBeEqual(await first!, alone, $"{name} beside {other}");
            ShouldBeEqual(await second!, otherAlone, $"{other} beside {name}");
        }
    }

    [Fact]
    public Task AllMethodsInOneStep_GiveTheLogitsThatEachGivesAlone() => TogetherAsync([.. Names.Select(n => n.Data)]);

    [Theory]
    [InlineData("LoraSample")]
    [InlineData("AdaLoraSample*0.5")]
    [InlineData("LoHaSample*0.5")]
    [InlineData("BitFitSample*-2")]
    public async Task CompositionsOfEveryMethod_InOneStepWithTheirParts_GiveTheLogitsThatEachGivesAlone(string with)
    {
        IReadOnlyList<string> compositions = await engine.CompositionsAsync(with);
        compositions.Count.ShouldBeGreaterThan(10, string.Join(", ", compositions));
        await TogetherAsync([.. Names.Select(n => n.Data), .. compositions]);
    }

    private async Task TogetherAsync(string[] names)
    {
        ILoadedAdapter?[] adapters = await Task.WhenAll(names.Select(engine.LoadAsync));
        int[][] texts = [.. names.Select((n, i) => SampleEngine.Text(n, 5, i))];
        float[][][] alone = new float[names.Length][][];
        for (int i = 0; i < names.Length; i++)
        {
            alone[i] = await engine.LogitsAsync(texts[i], adapters[i]);
        }

        Task<float[][]>[] together = [];
        await engine.TogetherAsync(() => together = [.. names.Select((_, i) => engine.LogitsAsync(texts[i], adapters[i]))]);
        for (int i = 0; i < names.Length; i++)
        {
            ShouldBeEqual(await together[i], alone[i], names[i]);
            adapters[i]?.Dispose();
        }
    }

    private static void ShouldBeEqual(float[][] found, float[][] expected, string because)
    {
        for (int i = 0; i < expected.Length; i++)
        {
            for (int k = 0; k < expected[i].Length; k++)
            {
                found[i][k].ShouldBe(expected[i][k], 1e-4f, $"{because}, token {i}, logit {k}");
            }
        }
    }
}
