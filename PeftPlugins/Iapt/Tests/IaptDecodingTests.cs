using SkPeft.Engine.Generation;
using SkPeft.Engine.Sampling;
using SkPeft.Peft.Iapt;
using SkPeft.PeftPlugins.Tests.Identity;

namespace SkPeft.PeftPlugins.Tests.Iapt;

/// <summary>E7: soft tokens are generated once a sequence, and decoding from the cache equals recomputing everything.</summary>
public sealed class IaptDecodingTests
{
    private const int Steps = 32;

    [Theory]
    [InlineData("grouped queries")]
    [InlineData("one key-value head, tied")]
    [InlineData("wide heads, biases")]
    public async Task Generate_WithCachedSoftTokens_EqualsRecomputingEveryStep(string kind)
    {
        using EngineRunner engine = new(Runners.Base(kind));
        using ReferenceRunner reference = new(Runners.Base(kind));
        ModelSizes sizes = engine.Base.Shape.Sizes;
        IReadOnlyList<CountingEffect> effects = Effects(engine.Base);
        int[] prompt = Runners.Ids(8, 11, sizes);
        int[] text = prompt;

        List<SampledToken> generated = await GenerateAsync(engine, effects, prompt, 9);

        generated.Count.ShouldBe(Steps);
        effects.Select(e => e.Calls).ShouldAllBe(calls => calls == 1);
        foreach (SampledToken token in generated)
        {
            Tensor again = await engine.LogitsAsync(text, 9, effects);
            Tensor plain = await reference.LogitsAsync(text, 9, effects);
            Best(again).ShouldBe(token.Id);
            Best(plain).ShouldBe(token.Id);
            LogProbability(again, token.Id).ShouldBe(token.LogProbability, 1e-4);
            LogProbability(plain, token.Id).ShouldBe(token.LogProbability, 1e-4);
            text = [.. text, token.Id];
        }
    }

    [Fact]
    public async Task Generate_SeveralSequences_GenerateSoftTokensOnceEach()
    {
        using EngineRunner engine = new(Runners.Base("grouped queries"));
        IReadOnlyList<CountingEffect> effects = Effects(engine.Base);
        int[] prompt = Runners.Ids(8, 11, engine.Base.Shape.Sizes);

        for (int sequence = 1; sequence <= 3; sequence++)
        {
            await GenerateAsync(engine, effects, prompt, prompt.Length);
            effects.Select(e => e.Calls).ShouldAllBe(calls => calls == sequence);
        }
    }

    [Fact]
    public async Task Generate_APromptOfSeveralChunks_ReadsTheWholeInstructionAtOnce()
    {
        using EngineRunner engine = new(Runners.Base("grouped queries"));
        ModelSizes sizes = engine.Base.Shape.Sizes;
        IReadOnlyList<CountingEffect> effects = Effects(engine.Base);
        int[] ids = Runners.Ids(9, 500, sizes);

        await engine.LogitsAsync(ids, 450, effects);

        effects.Select(e => e.Calls).ShouldAllBe(calls => calls == 1);
        effects.Select(e => e.LongestInstruction).ShouldAllBe(rows => rows == 450);
    }

    private static IReadOnlyList<CountingEffect> Effects(IBaseModel model)
    {
        ModelSizes sizes = model.Shape.Sizes;
        IaptFile file = new(sizes.Layers, sizes.HiddenSize, tokens: 3, bottleneck: 5, shareGroup: 2, "token");
        return [.. new IaptMethod().Load(file.Package(), model.Shape).BuildEffects(model).Select(e => new CountingEffect((GeneratedPrefixEffect)e))];
    }

    private static async Task<List<SampledToken>> GenerateAsync(EngineRunner engine, IReadOnlyList<Effect> effects, int[] prompt, int instruction)
    {
        using ILoadedAdapter? adapter = await engine.AdapterAsync(effects);
        GenerationRequest request = new()
        {
            Prompt = prompt,
            InstructionTokens = instruction,
            Adapter = adapter,
            MaxTokens = Steps,
            EndIds = new HashSet<int>(),
            Sampling = new SamplingOptions { TopLogProbs = 1 },
        };
        List<SampledToken> tokens = [];
        await foreach (GenerationUpdate update in engine.Model.Engine.GenerateAsync(request, TestContext.Current.CancellationToken))
        {
            tokens.AddRange(update.Token is { } token ? [token] : []);
        }

        return tokens;
    }

    private static int Best(Tensor logits)
    {
        float[] last = logits.Row(logits[0] - 1).ToArray();
        return Array.IndexOf(last, last.Max());
    }

    private static double LogProbability(Tensor logits, int id)
    {
        float[] last = logits.Row(logits[0] - 1).ToArray();
        return last[id] - Math.Log(last.Sum(v => Math.Exp(v)));
    }

    /// <summary>Counts the calls that reach a generator, and the rows that it was shown.</summary>
    private sealed class CountingEffect(GeneratedPrefixEffect inner) : GeneratedPrefixEffect(inner.Layer, inner.Count)
    {
        public int Calls { get; private set; }

        public int LongestInstruction { get; private set; }

        public override Tensor Generate(Tensor instruction)
        {
            Calls++;
            LongestInstruction = Math.Max(LongestInstruction, instruction[0]);
            return inner.Generate(instruction);
        }
    }
}
