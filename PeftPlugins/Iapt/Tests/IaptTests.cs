using SkPeft.Peft.Iapt;
using SkPeft.Tensors.SelfTests;

namespace SkPeft.PeftPlugins.Tests.Iapt;

public sealed class IaptTests
{
    private static readonly IaptMethod s_method = new();

    [Fact]
    public void SelfTest_OfTheShippedMethod_Passes() => s_method.SelfTest();

    [Theory]
    [InlineData(1, new[] { 0, 1, 2, 3, 4 })]
    [InlineData(2, new[] { 0, 0, 1, 1, 2 })]
    [InlineData(5, new[] { 0, 0, 0, 0, 0 })]
    [InlineData(99, new[] { 0, 0, 0, 0, 0 })]
    public void Generate_AnySharing_UsesTheProjectionsOfItsGroupAndItsOwnRest(int shareGroup, int[] groupOfLayer)
    {
        IaptFile file = new(layers: 5, hidden: 6, tokens: 3, bottleneck: 4, shareGroup, "token");
        Tensor instruction = IaptFile.Random(77, 7, 6);

        IReadOnlyList<Effect> effects = s_method.Load(file.Package(), file.Shape).BuildEffects(new TinyBase(file.Shape.Sizes));

        effects.Count.ShouldBe(5);
        for (int layer = 0; layer < 5; layer++)
        {
            GeneratedPrefixEffect effect = effects[layer].ShouldBeAssignableTo<GeneratedPrefixEffect>()!;
            (effect.Layer, effect.Count).ShouldBe((layer, 3));
            ShouldBeNear(effect.Generate(instruction), file.Expect(layer, groupOfLayer[layer], instruction));
        }
    }

    [Theory]
    [InlineData("none")]
    [InlineData("shared")]
    [InlineData("token")]
    public void Generate_AnyBias_AddsItToTheRightRows(string bias)
    {
        IaptFile file = new(layers: 2, hidden: 5, tokens: 4, bottleneck: 3, 1, bias);
        Tensor one = IaptFile.Random(5, 1, 5);

        PeftModule module = s_method.Load(file.Package(), file.Shape);

        module.MatchedModules.ShouldBe(["model.layers.0.self_attn", "model.layers.1.self_attn"]);
        foreach (GeneratedPrefixEffect effect in module.BuildEffects(new TinyBase(file.Shape.Sizes)).Cast<GeneratedPrefixEffect>())
        {
            ShouldBeNear(effect.Generate(one), file.Expect(effect.Layer, effect.Layer, one));
        }
    }

    [Fact]
    public void Load_OptionsThatCannotBeServed_AreNamedTogether()
    {
        AdapterOptionException error = Should.Throw<AdapterOptionException>(() => s_method.Load(SelfCheck.Adapter(
            """{ "peft_type": "SKPEFT_IAPT", "num_virtual_tokens": 0, "bottleneck": -1, "share_group": 0, "up_bias": "layer", "pooler": "max" }"""), new IaptFile(1, 2, 1, 1, 1, "none").Shape));

        error.Problems.Count.ShouldBe(5);
        error.Message.ShouldContain("up_bias is layer");
        error.Message.ShouldContain("pooler");
    }

    [Theory]
    [InlineData("layers.1.act.numerator", new[] { 6 })]
    [InlineData("layers.1.act.denominator", new[] { 6 })]
    [InlineData("layers.0.pool.weight", new[] { 4, 3 })]
    [InlineData("groups.1.down.weight", new[] { 6, 4 })]
    [InlineData("groups.0.up.weight", new[] { 4, 6 })]
    [InlineData("layers.1.up.bias", new[] { 6 })]
    [InlineData("layers.2.up.bias", new[] { 3, 6 })] // one layer too many
    [InlineData("groups.2.up.weight", new[] { 6, 4 })]
    public void Load_ATensorThatDoesNotFit_IsNamed(string name, int[] shape)
    {
        IaptFile file = new(layers: 2, hidden: 6, tokens: 3, bottleneck: 4, 1, "token");
        file.Tensors[name] = new Tensor(shape);

        Should.Throw<AdapterShapeException>(() => s_method.Load(file.Package(), file.Shape)).Tensor.ShouldBe(name);
    }

    [Fact]
    public void Load_ABiasThatTheConfigurationDoesNotMention_IsNotDropped()
    {
        IaptFile file = new(layers: 2, hidden: 6, tokens: 3, bottleneck: 4, 1, "token") { Bias = "none" };

        Should.Throw<AdapterShapeException>(() => s_method.Load(file.Package(), file.Shape)).Message.ShouldContain("layers.0.up.bias");
    }

    private static void ShouldBeNear(Tensor found, double[,] expected)
    {
        found.ShapeText.ShouldBe($"[{expected.GetLength(0)}, {expected.GetLength(1)}]");
        for (int i = 0; i < expected.GetLength(0); i++)
        {
            for (int j = 0; j < expected.GetLength(1); j++)
            {
                ((double)found.Row(i)[j]).ShouldBe(expected[i, j], 1e-4, $"at [{i}, {j}]");
            }
        }
    }
}
