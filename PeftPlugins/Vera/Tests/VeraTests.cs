using SkPeft.Peft.Vera;
using SkPeft.PeftPlugins.Tests.Layers;
using SkPeft.Testing;

namespace SkPeft.PeftPlugins.Tests.Vera;

public sealed class VeraTests
{
    private const string Config = """{ "peft_type": "VERA", "r": 3, "target_modules": ["q_proj", "down_proj"] }""";

    [Fact]
    public async Task BuildEffects_LayersOfDifferentSizes_EqualMergedWeights()
    {
        LayerFile file = new(Config);
        Merge(file, Matrices.Of(file.AddShared("base_model.vera_A", 3, 12)), Matrices.Of(file.AddShared("base_model.vera_B", 24, 3)));
        await file.ShouldBeServedBy(new VeraMethod());
    }

    [Fact]
    public async Task BuildEffects_WithoutSavedProjections_AreThoseOfTheSeed()
    {
        LayerFile file = new(Config.Replace("\"r\"", "\"save_projection\": false, \"projection_prng_key\": 4, \"r\"", StringComparison.Ordinal));
        (Tensor a, Tensor b) = Projections.Draw(4, 3, 12, 24);
        Merge(file, Matrices.Of(a), Matrices.Of(b));
        await file.ShouldBeServedBy(new VeraMethod());
    }

    [Fact]
    public void Load_WithoutProjectionsThatShouldBeThere_NamesThem()
    {
        LayerFile file = new(Config);
        Merge(file, new double[3, 12], new double[24, 3]);
        Should.Throw<AdapterShapeException>(() => new VeraMethod().Load(file.Package, LayerFile.Base.Shape)).Tensor.ShouldBe("base_model.vera_A");
    }

    [Fact]
    public void Draw_TheGoldensSeed_GivesItsMatricesBitForBit()
    {
        string folder = SharedFolder.PathOf("golden", "tiny", "adapters", "plain", "vera");
        AdapterPackage golden = AdapterFolder.Open(folder);
        (Tensor a, Tensor b) = Projections.Draw(0, 8, 64, 64);
        a.Data.ToArray().ShouldBe(golden.Tensors["base_model.vera_A"].Data.ToArray());
        b.Data.ToArray().ShouldBe(golden.Tensors["base_model.vera_B"].Data.ToArray());
    }

    [Fact]
    public void BeginTraining_BesideAFile_TakesItsProjections()
    {
        LayerFile file = new(Config);
        Tensor a = file.AddShared("base_model.vera_A", 3, 12);
        file.AddShared("base_model.vera_B", 24, 3);
        PeftTraining training = new VeraMethod().BeginTraining(new TrainingRequest { Package = file.Package, Model = LayerFile.Base, Probe = null!, Random = new Random(1) });
        training.Export()[0].Tensors["base_model.vera_A"].Data.ToArray().ShouldBe(a.Data.ToArray());
        training.Parameters.Select(p => p.Name).ShouldAllBe(n => n.Contains("lambda"));
    }

    [Theory]
    [InlineData("\"r\": 0", "r is 0")]
    [InlineData("\"projection_prng_key\": -1", "projection_prng_key is -1")]
    [InlineData("\"fan_in_fan_out\": true", "fan_in_fan_out")]
    [InlineData("\"bias\": \"some\"", "bias is \"some\"")]
    public void Load_WhatIsNotSupported_IsNamed(string option, string named) =>
        Should.Throw<AdapterOptionException>(() => new VeraMethod().Load(new LayerFile($$"""{ "peft_type": "VERA", {{option}} }""").Package, LayerFile.Base.Shape))
            .Message.ShouldContain(named);

    private static void Merge(LayerFile file, double[,] a, double[,] b)
    {
        foreach (string module in LayerFile.Modules(LayerFile.Query, LayerFile.Down))
        {
            ModuleInfo info = LayerFile.Base.Shape.Find(module)!;
            Tensor outer = file.Add(module, "vera_lambda_b", info.Outputs);
            Tensor inner = file.Add(module, "vera_lambda_d", 3);
            file.Add(module, Matrices.Make(info.Outputs, info.Inputs, (i, j) => outer.Data[i] * Enumerable.Range(0, 3).Sum(k => b[i, k] * inner.Data[k] * a[k, j])));
        }
    }
}
