using SkPeft.Peft.RandLora;
using SkPeft.PeftPlugins.Tests.Layers;
using SkPeft.Testing;

namespace SkPeft.PeftPlugins.Tests.RandLora;

public sealed class RandLoraTests
{
    private const string Config = """{ "peft_type": "RANDLORA", "r": 3, "randlora_alpha": 2, "target_modules": ["q_proj", "down_proj"] }""";

    [Fact]
    public async Task BuildEffects_LayersOfDifferentSizes_EqualMergedWeights()
    {
        LayerFile file = new(Config);
        Merge(file, file.AddShared("base_model.randlora_A", 3, 1, 12), file.AddShared("base_model.randlora_B", 24, 4, 3));
        await file.ShouldBeServedBy(new RandLoraMethod());
    }

    [Fact]
    public async Task BuildEffects_CopiesInEveryLayer_AreTheSharedMatrices()
    {
        LayerFile file = new(Config);
        Tensor a = file.AddShared("base_model.randlora_A", 3, 1, 12);
        Tensor b = file.AddShared("base_model.randlora_B", 24, 4, 3);
        Merge(file, a, b);
        foreach (string module in LayerFile.Modules(LayerFile.Query, LayerFile.Down))
        {
            (file.Tensors[$"base_model.model.{module}.randlora_A"], file.Tensors[$"base_model.model.{module}.randlora_B"]) = (a, b);
        }

        await file.ShouldBeServedBy(new RandLoraMethod());
        file.Tensors.Remove("base_model.randlora_A");
        await file.ShouldBeServedBy(new RandLoraMethod());
        file.Add("model.layers.1.self_attn.q_proj", "randlora_A", 3, 1, 12);
        Should.Throw<AdapterShapeException>(() => new RandLoraMethod().Load(file.Package, LayerFile.Base.Shape)).Message.ShouldContain("layers.1.self_attn.q_proj.randlora_A");
    }

    [Theory]
    [InlineData("", 0)]
    [InlineData("\"sparse\": true,", 3)]
    [InlineData("\"very_sparse\": true,", 3)]
    public async Task BuildEffects_WithoutSavedProjections_AreThoseOfTheSeed(string option, int values)
    {
        LayerFile file = new(Config.Replace("\"r\"", $"\"save_projection\": false, {option} \"projection_prng_key\": 4, \"r\"", StringComparison.Ordinal));
        (Tensor a, Tensor b) = new RandomBases(4, option.Contains("\"sparse", StringComparison.Ordinal), option.Contains("very", StringComparison.Ordinal)).Draw(3, 12, 24, 4);
        (a.ShapeText, b.ShapeText).ShouldBe(("[3, 1, 12]", "[24, 4, 3]"));
        if (values > 0)
        {
            b.Data.ToArray().Distinct().Count().ShouldBe(values);
        }

        Merge(file, a, b);
        await file.ShouldBeServedBy(new RandLoraMethod());
    }

    [Fact]
    public void Draw_TheGoldensSeed_GivesItsMatricesBitForBit()
    {
        AdapterPackage golden = AdapterFolder.Open(SharedFolder.PathOf("golden", "tiny", "adapters", "plain", "randlora"));
        (Tensor a, Tensor b) = new RandomBases(0, false, false).Draw(4, 64, 64, 16);
        a.Data.ToArray().ShouldBe(golden.Tensors["base_model.randlora_A"].Data.ToArray());
        b.Data.ToArray().ShouldBe(golden.Tensors["base_model.randlora_B"].Data.ToArray());
    }

    [Fact]
    public void Export_HasACopyInEveryLayer_AsHfSavesIt()
    {
        PeftTraining training = new RandLoraMethod().BeginTraining(
            new TrainingRequest { Package = new LayerFile(Config).Package, Model = LayerFile.Base, Probe = null!, Random = new Random(1) });
        IReadOnlyDictionary<string, Tensor> saved = training.Export()[0].Tensors;
        saved["base_model.model.model.layers.1.mlp.down_proj.randlora_B"].Data.ToArray().ShouldBe(saved["base_model.randlora_B"].Data.ToArray());
    }

    [Fact]
    public void BeginTraining_BesideAFileThatHasOnlyCopies_TakesThose()
    {
        LayerFile file = new(Config);
        Tensor a = file.Add("model.layers.1.mlp.down_proj", "randlora_A", 3, 1, 12);
        PeftTraining training = new RandLoraMethod().BeginTraining(new TrainingRequest { Package = file.Package, Model = LayerFile.Base, Probe = null!, Random = new Random(1) });
        training.Export()[0].Tensors["base_model.randlora_A"].Data.ToArray().ShouldBe(a.Data.ToArray());
    }

    private static void Merge(LayerFile file, Tensor a, Tensor b)
    {
        foreach (string module in LayerFile.Modules(LayerFile.Query, LayerFile.Down))
        {
            // Either way the smaller side is 8: three bases of rank 3.
            ModuleInfo info = LayerFile.Base.Shape.Find(module)!;
            Tensor lambda = file.Add(module, "randlora_lambda", 3, 3);
            Tensor gamma = file.Add(module, "randlora_gamma", 3, 8);
            bool wide = info.Inputs > info.Outputs;
            file.Add(module, Matrices.Make(info.Outputs, info.Inputs, (i, j) =>
            {
                (int large, int small) = wide ? (j, i) : (i, j);
                double sum = 0;
                for (int flat = 0; flat < 9; flat++)
                {
                    // B's columns run through the ranks of a base, the rows of A through the bases of a rank.
                    (int baseOfB, int rankOfB, int rankOfA, int baseOfA) = (flat / 3, flat % 3, flat / 3, flat % 3);
                    sum += (double)b.Row(large)[(baseOfB * 3) + rankOfB] * lambda.Row(rankOfA)[baseOfA] * a.Row(rankOfA)[small] * gamma.Row(baseOfA)[small];
                }

                return 2.0 / 3 * sum;
            }));
        }
    }
}
