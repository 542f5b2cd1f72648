using SkPeft.Peft.VbLora;
using SkPeft.PeftPlugins.Tests.Layers;

namespace SkPeft.PeftPlugins.Tests.VbLora;

/// <summary>q_proj is [24, 8], down_proj [8, 12]; pieces of 4.</summary>
public sealed class VbLoraTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public async Task BuildEffects_OnABaseWithBiases_EqualMergedWeights(int count)
    {
        LayerFile file = File(count, "");
        Merge(file, count);
        await file.ShouldBeServedBy(new VbLoraMethod());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task BuildEffects_OfTheShortForm_AreThoseOfTheLong(int count)
    {
        LayerFile file = File(count, "\"save_only_topk_weights\": true,");
        Merge(file, count);
        AdapterPackage shortForm = TopKFile.Of(file.Package, count);
        shortForm.Tensors["base_model.model.model.layers.0.mlp.down_proj.vblora_logits_B_topk_indices"].ShapeText.ShouldBe($"[2, 3, {count}]");
        shortForm.Tensors["base_model.model.model.layers.0.mlp.down_proj.vblora_logits_B_topk_weights"].ShapeText.ShouldBe($"[2, 3, {count - 1}]");
        file.Tensors.Clear();
        foreach ((string name, Tensor tensor) in shortForm.Tensors)
        {
            file.Tensors.Add(name, tensor);
        }

        await file.ShouldBeServedBy(new VbLoraMethod());
    }

    [Fact]
    public void Export_WithTheShortForm_ServesWhatWasTrained()
    {
        PeftTraining training = new VbLoraMethod().BeginTraining(
            new TrainingRequest { Package = File(2, "\"save_only_topk_weights\": true,").Package, Model = LayerFile.Base, Probe = null!, Random = new Random(1) });
        training.Parameters.Select(p => p.Name).ShouldContain("base_model.model.model.layers.0.self_attn.q_proj.vblora_vector_bank.default");
        AdapterPackage saved = training.Export()[0];
        saved.Config.GetProperty("save_only_topk_weights").GetBoolean().ShouldBeTrue();
        saved.Tensors.Keys.ShouldNotContain(k => k.EndsWith("vblora_logits_A", StringComparison.Ordinal));
        LowRankEffect trained = training.BuildEffects(LayerFile.Base, 0).OfType<LowRankEffect>().First();
        LowRankEffect served = new VbLoraMethod().Load(saved, LayerFile.Base.Shape).BuildEffects(LayerFile.Base).OfType<LowRankEffect>().First();
        for (int i = 0; i < served.B.Length; i++)
        {
            served.B.Data[i].ShouldBe(trained.B.Data[i], 1e-6f);
        }
    }

    [Theory]
    [InlineData(5)]
    [InlineData(-1)]
    [InlineData(0.5f)]
    public void BuildEffects_AnIndexThatNoVectorHas_IsRefused(float index)
    {
        LayerFile file = File(2, "\"save_only_topk_weights\": true,");
        Merge(file, 2);
        AdapterPackage shortForm = TopKFile.Of(file.Package, 2);
        shortForm.Tensors["base_model.model.model.layers.0.mlp.down_proj.vblora_logits_B_topk_indices"].Data[3] = index;
        AdapterPackage package = new("mine", file.Package.Config, shortForm.Tensors);
        Should.Throw<AdapterShapeException>(() => new VbLoraMethod().Load(package, LayerFile.Base.Shape).BuildEffects(LayerFile.Base))
            .Message.ShouldContain("whole numbers from 0 to 4");
    }

    [Theory]
    [InlineData("\"topk\": 6", "topk is 6")]
    [InlineData("\"topk\": 0", "topk is 0")]
    [InlineData("\"vector_length\": 3", "vector_length is 3, which does not divide the 8 inputs")]
    public void Load_WhatIsNotSupported_IsNamed(string option, string named) =>
        Should.Throw<AdapterOptionException>(() => new VbLoraMethod().Load(
            new LayerFile($$"""{ "peft_type": "VBLORA", "num_vectors": 5, "target_modules": ["q_proj"], {{option}} }""").Package, LayerFile.Base.Shape)).Message.ShouldContain(named);

    private static LayerFile File(int count, string option) => new($$"""
        { "peft_type": "VBLORA", "r": 3, "num_vectors": 5, "vector_length": 4, "topk": {{count}}, {{option}} "target_modules": ["q_proj", "down_proj"] }
        """);

    private static void Merge(LayerFile file, int count)
    {
        Tensor bank = file.AddShared("base_model.vblora_vector_bank", 5, 4);
        foreach (string module in LayerFile.Modules(LayerFile.Query, LayerFile.Down))
        {
            ModuleInfo info = LayerFile.Base.Shape.Find(module)!;
            Tensor a = file.Add(module, "vblora_logits_A", 3, info.Inputs / 4, 5);
            Tensor b = file.Add(module, "vblora_logits_B", info.Outputs / 4, 3, 5);
            file.Add(module, Matrices.Make(info.Outputs, info.Inputs, (i, j) => Enumerable.Range(0, 3).Sum(k =>
                Piece(bank, b.Row(i / 4).Slice(k * 5, 5), count)[i % 4] * Piece(bank, a.Row(k).Slice(j / 4 * 5, 5), count)[j % 4])));
        }
    }

    private static double[] Piece(Tensor bank, ReadOnlySpan<float> logits, int count)
    {
        float[] values = logits.ToArray();
        int[] largest = [.. Enumerable.Range(0, 5).OrderByDescending(i => values[i]).Take(count)];
        double total = largest.Sum(i => Math.Exp(values[i]));
        return [.. Enumerable.Range(0, 4).Select(e => largest.Sum(i => Math.Exp(values[i]) / total * bank.Row(i)[e]))];
    }
}
