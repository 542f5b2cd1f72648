using SkPeft.Peft.Ia3;
using SkPeft.PeftPlugins.Tests.Identity;
using SkPeft.PeftPlugins.Tests.Training;
using SkPeft.Testing;

namespace SkPeft.PeftPlugins.Tests.Ia3;

public sealed class Ia3Tests
{
    private static readonly ReferenceLlama s_model = ReferenceLlama.Random(
        new ModelSizes { Layers = 2, HiddenSize = 8, Heads = 4, KeyValueHeads = 2, HeadDim = 6, IntermediateSize = 12, VocabularySize = 16, AttentionBias = true, MlpBias = true }, 4);

    private static readonly Random s_random = new(5);

    [Theory]
    [InlineData("""["k_proj", "v_proj", "down_proj"]""", """["down_proj"]""", new[] { "down_proj" })]
    [InlineData("null", "null", new[] { "down_proj" })]
    [InlineData(""" ".*(k|v|down)_proj" """, """ ".*\\.mlp\\..*" """, new[] { "down_proj" })]
    [InlineData("""["k_proj", "v_proj", "down_proj"]""", "[]", new string[0])]
    [InlineData("""["k_proj", "v_proj", "down_proj"]""", """["v_proj", "n_proj"]""", new[] { "v_proj", "down_proj" })]
    public async Task BuildEffects_OnABaseWithBiases_EqualScaledWeights(string targets, string feedforward, string[] scalesInput)
    {
        Dictionary<string, Tensor> tensors = [];
        ReferenceLlama merged = s_model;
        foreach (ModuleInfo module in s_model.Shape.Modules.Where(m => m.Linear?.Kind is LinearKind.Key or LinearKind.Value or LinearKind.Down))
        {
            bool input = scalesInput.Any(module.Name.EndsWith);
            Tensor vector = RandomTensors.Normal(s_random, 1, input ? [1, module.Inputs] : [module.Outputs, 1]);
            tensors[AdapterTensors.Prefix + module.Name + ".ia3_l"] = vector;
            merged = Scale(merged, module, vector, input);
        }

        string config = $$"""{ "peft_type": "IA3", "target_modules": {{targets}}, "feedforward_modules": {{feedforward}} }""";
        AdapterPackage package = AdapterFolder.Make(config, tensors);
        new Ia3Method().Load(package, s_model.Shape).MatchedModules.Count.ShouldBe(6);
        await new Ia3Method().ShouldServe(package, s_model, merged);
    }

    [Fact]
    public void BeginTraining_StartsAsTheBase_AndTheFileIsWhatWasTrained()
    {
        PeftTraining training = new Ia3Method().BeginTraining(Requests.Of(s_model, """{ "peft_type": "IA3", "modules_to_save": ["norm"] }"""));
        training.Parameters.Count.ShouldBe(6 + 5);
        training.Parameters.Where(p => p.Name.EndsWith(".ia3_l.default", StringComparison.Ordinal)).ShouldAllBe(p => !p.Decays && p.Elements().All(v => v == 1));
        training.ShouldStartAsTheBase(s_model);
        training.ShouldSaveWhatItTrained(new Ia3Method(), s_model);
        training.Export()[0].Config.GetProperty("feedforward_modules")[0].GetString().ShouldBe("down_proj");
    }

    [Fact]
    public void BeginTraining_WithoutInitialWeights_StartsElsewhere()
    {
        PeftTraining training = new Ia3Method().BeginTraining(Requests.Of(s_model, """{ "peft_type": "IA3", "init_ia3_weights": false }"""));
        training.Parameters.ShouldAllBe(p => p.Elements().Distinct().Count() > 1);
    }

    [Fact]
    public void Load_AVectorForTheOtherSide_SaysBothShapes()
    {
        AdapterPackage package = AdapterFolder.Make(
            """{ "peft_type": "IA3", "target_modules": ["model.layers.0.mlp.down_proj"], "feedforward_modules": [] }""",
            new Dictionary<string, Tensor> { ["base_model.model.model.layers.0.mlp.down_proj.ia3_l"] = new(1, 12) });
        string message = Should.Throw<AdapterShapeException>(() => new Ia3Method().Load(package, s_model.Shape)).Message;
        message.ShouldContain("[1, 12]");
        message.ShouldContain("[8, 1]");
    }

    [Theory]
    [InlineData("""{ "peft_type": "IA3", "target_modules": ["embed_tokens"] }""", "embed_tokens")]
    [InlineData("""{ "peft_type": "IA3", "fan_in_fan_out": true }""", "fan_in_fan_out")]
    public void Load_WhatIsNotSupported_IsNamed(string config, string named) =>
        Should.Throw<AdapterOptionException>(() => new Ia3Method().Load(AdapterFolder.Make(config, new Dictionary<string, Tensor>()), s_model.Shape))
            .Message.ShouldContain(named);

    private static ReferenceLlama Scale(ReferenceLlama model, ModuleInfo module, Tensor vector, bool input)
    {
        Tensor weight = model.Weight(module.Name);
        Tensor bias = model.Bias(module.Name)!;
        for (int row = 0; row < weight[0]; row++)
        {
            for (int column = 0; column < weight[1]; column++)
            {
                weight.Row(row)[column] *= vector.Data[input ? column : row];
            }

            bias.Data[row] *= input ? 1 : vector.Data[row];
        }

        return model.With(module.Name + ".weight", weight).With(module.Name + ".bias", bias);
    }
}
