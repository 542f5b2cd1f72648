using SkPeft.Engine.Adapters;
using SkPeft.Engine.Tests.Generation;

namespace SkPeft.Engine.Tests.Adapters;

/// <summary>Effects that do not fit the base never reach the forward. The base: 2 layers, hidden 16, 4 heads of 4 over 2, MLP 12, 37 tokens.</summary>
public sealed class EffectCheckerTests
{
    private static readonly LinearSite s_key = new(1, LinearKind.Key);
    private static readonly LinearSite s_head = new(-1, LinearKind.Head);

    public static TheoryData<string, string, string, Effect[]> Bad => new()
    {
        { "LowRankEffect.A", "[2, 15]", "[2, 16]", [new LowRankEffect(s_key, new(2, 15), new(8, 2), 1)] },
        { "LowRankEffect.B", "[16, 2]", "[8, 2]", [new LowRankEffect(s_key, new(2, 16), new(16, 2), 1)] },
        { "LowRankEffect.B", "[8, 3]", "[8, 2]", [new LowRankEffect(s_key, new(2, 16), new(8, 3), 1)] },
        { "LowRankEffect.A", "[0, 16]", "[1, 16]", [new LowRankEffect(s_key, new(0, 16), new(8, 0), 1)] },
        { "LowRankEffect.A", "[16]", "16]", [new LowRankEffect(s_key, new(16), new(8, 1), 1)] },
        { "LowRankEffect.A", "[]", "[1, 16]", [new LowRankEffect(s_key, new(), new(8, 1), 1)] },
        { "WeightDeltaEffect.delta", "[16, 8]", "[8, 16]", [new WeightDeltaEffect(s_key, new(16, 8))] },
        { "BiasEffect.bias", "[16]", "[8]", [new BiasEffect(s_key, new(16))] },
        { "BiasEffect.bias", "[1, 8]", "[8]", [new BiasEffect(s_key, new(1, 8))] },
        { "OutputScaleEffect.scale", "[16]", "[37]", [new OutputScaleEffect(s_head, new(16), true)] },
        { "InputScaleEffect.scale", "[37]", "[16]", [new InputScaleEffect(s_head, new(37))] },
        { "WeightEffect.weight", "[16, 8]", "[8, 16]", [new WeightEffect(s_key, new(16, 8), null)] },
        { "WeightEffect.bias", "[7]", "[8]", [new WeightEffect(s_key, new(8, 16), new(7))] },
        { "linear layer 2.Key", "an effect there", "layers 0 to 1", [new BiasEffect(new(2, LinearKind.Key), new(8))] },
        { "linear layer -1.Key", "an effect there", "layers 0 to 1", [new BiasEffect(new(-1, LinearKind.Key), new(8))] },
        { "linear layer 0.Head", "an effect there", "-1 for the head", [new BiasEffect(new(0, LinearKind.Head), new(37))] },
        { "linear layer 0.99", "an effect there", "layers 0 to 1", [new BiasEffect(new(0, (LinearKind)99), new(37))] },
        { "linear layer 7.Up", "an effect there", "layers 0 to 1", [new TestEffects.Linear(new(7, LinearKind.Up), null, null)] },
        { "PromptEmbeddingsEffect.embeddings", "[3, 8]", "[3, 16]", [new PromptEmbeddingsEffect(new(3, 8))] },
        { "PromptEmbeddingsEffect.embeddings", "[0, 16]", "[1, 16]", [new PromptEmbeddingsEffect(new(0, 16))] },
        { "KeyValuePrefixEffect.keys", "[3, 16]", "[3, 8]", [new KeyValuePrefixEffect(0, new(3, 16), new(3, 8)), new KeyValuePrefixEffect(1, new(3, 8), new(3, 8))] },
        { "KeyValuePrefixEffect.values", "[2, 8]", "[3, 8]", [new KeyValuePrefixEffect(0, new(3, 8), new(2, 8)), new KeyValuePrefixEffect(1, new(3, 8), new(3, 8))] },
        { "static prefix", "1 layers with 3 rows", "2 layers", [new KeyValuePrefixEffect(0, new(3, 8), new(3, 8))] },
        { "static prefix", "3/4 rows", "equally many", [new KeyValuePrefixEffect(0, new(3, 8), new(3, 8)), new KeyValuePrefixEffect(1, new(4, 8), new(4, 8))] },
        { "static prefix", "2 layers", "equally many", [new KeyValuePrefixEffect(0, new(3, 8), new(3, 8)), new KeyValuePrefixEffect(0, new(3, 8), new(3, 8))] },
        { "KeyValuePrefixEffect of layer 2", "an effect there", "layers 0 to 1", [new KeyValuePrefixEffect(2, new(3, 8), new(3, 8))] },
        { "GatedKeyValueEffect.gate", "[2]", "[4]", [new GatedKeyValueEffect(1, new(3, 8), new(3, 8), new(2))] },
        { "GatedKeyValueEffect.keys", "[0, 8]", "[1, 8]", [new GatedKeyValueEffect(1, new(0, 8), new(0, 8), new(4))] },
        { "GatedKeyValueEffect of layer -1", "an effect there", "layers 0 to 1", [new GatedKeyValueEffect(-1, new(3, 8), new(3, 8), new(4))] },
        { "NormEffect.weight", "[8]", "[16]", [new NormEffect(new(0, NormKind.Mlp), new(8))] },
        { "NormEffect of norm 2.Mlp", "an effect there", "layers 0 to 1", [new NormEffect(new(2, NormKind.Mlp), new(16))] },
        { "NormEffect of norm 0.Final", "an effect there", "-1 for the final norm", [new NormEffect(new(0, NormKind.Final), new(16))] },
        { "SubLayer of layer 2", "an effect there", "layers 0 to 1", [new TestEffects.SubLayer(2, SubLayerKind.Mlp, (_, y) => y)] },
        { "ClassifierEffect.weight", "[3, 8]", "[3, 16]", [new ClassifierEffect(new(3, 8), null)] },
        { "ClassifierEffect.weight", "[0, 16]", "[1, 16]", [new ClassifierEffect(new(0, 16), null)] },
        { "ClassifierEffect.bias", "[2]", "[3]", [new ClassifierEffect(new(3, 16), new(2))] },
        { "ClassifierEffect.Labels", "yes, no", "3 different names", [new ClassifierEffect(new(3, 16), null, ["yes", "no"])] },
        { "ClassifierEffect.Labels", "yes, yes", "2 different names", [new ClassifierEffect(new(2, 16), null, ["yes", "yes"])] },
        { "ClassifierEffect", "2 heads", "one", [new ClassifierEffect(new(2, 16), null), new ClassifierEffect(new(2, 16), null)] },
        { "generated prefix", "1 layers", "2 layers", [new TestEffects.Generator(1, 3)] },
        { "generated prefix", "3/4 rows", "equally many", [new TestEffects.Generator(0, 3), new TestEffects.Generator(1, 4)] },
        { "GeneratedPrefixEffect.Count of layer 0", "0", "1 to", [new TestEffects.Generator(0, 0), new TestEffects.Generator(1, 0)] },
        { "GeneratedPrefixEffect.Count of layer 0", "-3", "1 to", [new TestEffects.Generator(0, -3), new TestEffects.Generator(1, -3)] },
        { "Generator of layer 5", "an effect there", "layers 0 to 1", [new TestEffects.Generator(5, 3)] },
    };

    [Theory]
    [MemberData(nameof(Bad), DisableDiscoveryEnumeration = true)]
    public void Compile_AMisfit_NamesEffectFoundAndExpected(string what, string found, string expected, Effect[] effects)
    {
        AdapterShapeException error = Should.Throw<AdapterShapeException>(() => EffectPlan.Compile("mine", "test", effects, new ModelShape(SmallEngine.Sizes())));
        error.Message.ShouldContain("'mine'");
        error.Tensor.ShouldContain(what);
        error.Message.ShouldContain($"is {found}".Replace("is 3/4", "is 2 layers with 3/4"), customMessage: error.Message);
        error.Message.ShouldContain(expected);
    }

    [Fact]
    public void Compile_TheSameEffectTwice_AppliesItTwice()
    {
        LowRankEffect low = new(s_key, new(1, 16), new(8, 1), 1);
        using EffectPlan plan = EffectPlan.Compile("mine", "test", [low, low], new ModelShape(SmallEngine.Sizes()));
        plan.At(s_key).Length.ShouldBe(2);
    }

    [Fact]
    public void Compile_CountsVirtualRows()
    {
        using EffectPlan plan = EffectPlan.Compile("mine", "test",
            [new PromptEmbeddingsEffect(new(3, 16)), new PromptEmbeddingsEffect(new(2, 16)), new KeyValuePrefixEffect(1, new(4, 8), new(4, 8)), new KeyValuePrefixEffect(0, new(4, 8), new(4, 8))],
            new ModelShape(SmallEngine.Sizes()));
        (plan.PromptRows, plan.PrefixRows, plan.GeneratedRows, plan.VirtualRows).ShouldBe((5, 4, 0, 9));
    }
}
