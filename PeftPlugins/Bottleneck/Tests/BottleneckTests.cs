using SkPeft.Peft.Bottleneck;
using SkPeft.PeftPlugins.Tests.Training;
using SkPeft.Tensors.SelfTests;
using SkPeft.Testing;

namespace SkPeft.PeftPlugins.Tests.Bottleneck;

public sealed class BottleneckTests
{
    private static readonly ModelShape s_shape = new(new ModelSizes
    {
        Layers = 2, HiddenSize = 2, Heads = 1, KeyValueHeads = 1, HeadDim = 2, IntermediateSize = 3, VocabularySize = 4,
    });

    [Theory]
    [InlineData("houlsby", new[] { "model.layers.0.self_attn.o_proj", "model.layers.0.mlp.down_proj", "model.layers.1.self_attn.o_proj", "model.layers.1.mlp.down_proj" })]
    [InlineData("pfeiffer", new[] { "model.layers.0.mlp.down_proj", "model.layers.1.mlp.down_proj" })]
    [InlineData("parallel", new[] { "model.layers.0.mlp", "model.layers.1.mlp" })]
    public void Load_APlacement_TouchesItsPlaces(string placement, string[] matched)
    {
        PeftModule module = Load(placement, "relu", 1);
        module.MatchedModules.ShouldBe(matched);
        SubLayerEffect[] effects = [.. module.BuildEffects(new TinyBase(s_shape.Sizes)).Cast<SubLayerEffect>()];
        effects.Length.ShouldBe(matched.Length);
        effects.Select(e => e.SubLayer).Distinct().Count().ShouldBe(placement == "houlsby" ? 2 : 1);
    }

    // One inner unit: down (1, -2) + 0.25, up (4, -8) + (1, 0). From (x₁, x₂) = (1.25, 0.5) the inner value is 0.5, from (0.25, 0.5) it is -0.5.
    [Theory]
    [InlineData("relu", 0.5, 0)]
    [InlineData("gelu", 0.34573123, -0.15426877)]
    [InlineData("silu", 0.31122967, -0.18877033)]
    public void Apply_BehindASubLayer_AddsToTheOutput(string activation, double first, double second)
    {
        SubLayerEffect effect = (SubLayerEffect)Load("pfeiffer", activation, 1).BuildEffects(new TinyBase(s_shape.Sizes))[0];
        Tensor result = effect.Apply(Tensor.From([100, 100, 100, 100], 2, 2), Tensor.From([1.25f, 0.5f, 0.25f, 0.5f], 2, 2));
        double[] expected = [2.25 + (4 * first), 0.5 - (8 * first), 1.25 + (4 * second), 0.5 - (8 * second)];
        result.Data.ToArray().Zip(expected, (a, b) => Math.Abs(a - b)).Max().ShouldBeLessThan(1e-6);
    }

    [Theory]
    [InlineData("""{ "peft_type": "SKPEFT_BOTTLENECK" }""", "houlsby", "gelu", 16, 1.0, 16)]
    [InlineData("""{ "peft_type": "SKPEFT_BOTTLENECK", "placement": "pfeiffer", "bottleneck": 3 }""", "pfeiffer", "relu", 3, 1.0, 8)]
    [InlineData("""{ "peft_type": "SKPEFT_BOTTLENECK", "placement": "parallel", "activation": "silu" }""", "parallel", "silu", 16, 4.0, 8)]
    public void BeginTraining_StartsAsTheBase_AndTheFileIsWhatWasTrained(string config, string placement, string activation, int width, double scale, int parameters)
    {
        ReferenceLlama model = ReferenceLlama.Random(s_shape.Sizes, 3);
        PeftTraining training = new BottleneckMethod().BeginTraining(Requests.Of(model, config));
        training.Parameters.Count.ShouldBe(parameters);
        training.ShouldStartAsTheBase(model);
        training.ShouldSaveWhatItTrained(new BottleneckMethod(), model);
        System.Text.Json.JsonElement saved = training.Export()[0].Config;
        saved.GetProperty("placement").GetString().ShouldBe(placement);
        saved.GetProperty("activation").GetString().ShouldBe(activation);
        saved.GetProperty("bottleneck").GetInt32().ShouldBe(width);
        saved.GetProperty("scale").GetDouble().ShouldBe(scale);
    }

    [Fact]
    public void BeginTraining_APlacementThatIsNone_IsNamed() =>
        Should.Throw<AdapterOptionException>(() => new BottleneckMethod().BeginTraining(Requests.Of(
            ReferenceLlama.Random(s_shape.Sizes, 3), """{ "peft_type": "SKPEFT_BOTTLENECK", "placement": "beside" }"""))).Message.ShouldContain("beside");

    [Fact]
    public void Apply_BesideTheMlp_ReadsItsInput_AndScales()
    {
        SubLayerEffect effect = (SubLayerEffect)Load("parallel", "relu", -2).BuildEffects(new TinyBase(s_shape.Sizes))[0];
        Tensor result = effect.Apply(Tensor.From([1.25f, 0.5f], 1, 2), Tensor.From([10, 20], 1, 2));
        result.Data.ToArray().ShouldBe([4, 28]);
    }

    [Theory]
    [InlineData("houlsby", "relu", 2, "scale is 2")]
    [InlineData("pfeiffer", "relu", 0, "scale is 0")]
    [InlineData("serial", "relu", 1, "placement is \"serial\"; houlsby, pfeiffer, parallel")]
    [InlineData("Houlsby", "relu", 1, "placement is \"Houlsby\"")]
    [InlineData("", "relu", 1, "placement is \"\"")]
    [InlineData("parallel", "tanh", 1, "activation is \"tanh\"; relu, gelu, silu")]
    [InlineData("parallel", "", 1, "activation is \"\"")]
    public void Load_WhatIsNotSupported_IsNamed(string placement, string activation, float scale, string named) =>
        Should.Throw<AdapterOptionException>(() => Load(placement, activation, scale)).Message.ShouldContain(named);

    [Fact]
    public void Load_AWidthOfNothing_IsRefused() =>
        Should.Throw<AdapterOptionException>(() => new BottleneckMethod().Load(
            AdapterFolder.Make("""{ "peft_type": "SKPEFT_BOTTLENECK", "placement": "pfeiffer", "activation": "relu" }""", new Dictionary<string, Tensor>()), s_shape))
            .Message.ShouldContain("bottleneck is 0");

    private static PeftModule Load(string placement, string activation, float scale)
    {
        Dictionary<string, Tensor> tensors = [];
        foreach (string place in placement == "houlsby" ? (string[])["attention", "mlp"] : ["mlp"])
        {
            for (int layer = 0; layer < 2; layer++)
            {
                tensors[$"layers.{layer}.{place}.down.weight"] = Tensor.From([1, -2], 1, 2);
                tensors[$"layers.{layer}.{place}.down.bias"] = Tensor.From([0.25f], 1);
                tensors[$"layers.{layer}.{place}.up.weight"] = Tensor.From([4, -8], 2, 1);
                tensors[$"layers.{layer}.{place}.up.bias"] = Tensor.From([1, 0], 2);
            }
        }

        string config = System.Text.Json.JsonSerializer.Serialize(new { peft_type = "SKPEFT_BOTTLENECK", placement, bottleneck = 1, activation, scale });
        return new BottleneckMethod().Load(AdapterFolder.Make(config, tensors), s_shape);
    }
}
