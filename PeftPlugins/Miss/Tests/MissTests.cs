using SkPeft.Peft.Miss;
using SkPeft.PeftPlugins.Tests.Layers;

namespace SkPeft.PeftPlugins.Tests.Miss;

/// <summary>q_proj is [24, 8], down_proj [8, 12].</summary>
public sealed class MissTests
{
    [Theory]
    [InlineData("\"r\": 4", 4)]
    [InlineData("\"r\": 3, \"init_weights\": false", 3)]
    [InlineData("\"r\": 20", 20)]
    public async Task BuildEffects_Balanced_EqualMergedWeights(string options, int rank)
    {
        LayerFile file = File(options);
        foreach (string module in LayerFile.Modules(LayerFile.Query, LayerFile.Down))
        {
            ModuleInfo info = LayerFile.Base.Shape.Find(module)!;
            Tensor block = file.Add(module, "miss_block", rank, info.Outputs);
            file.Add(module, Matrices.Make(info.Outputs, info.Inputs, (i, j) => block.Row(j % rank)[i]));
        }

        await file.ShouldBeServedBy(new MissMethod());
    }

    [Fact]
    public async Task BuildEffects_Mini_RepeatsOverTheOutputs()
    {
        LayerFile file = File("\"r\": 3, \"mini_r\": 4, \"init_weights\": \"mini\"");
        foreach (string module in LayerFile.Modules(LayerFile.Query, LayerFile.Down))
        {
            ModuleInfo info = LayerFile.Base.Shape.Find(module)!;
            Tensor block = file.Add(module, "miss_block", 3, 4);
            file.Add(module, Matrices.Make(info.Outputs, info.Inputs, (i, j) => block.Row(j % 3)[i % 4]));
        }

        await file.ShouldBeServedBy(new MissMethod());
    }

    [Fact]
    public async Task BuildEffects_Bat_MultipliesEveryShardOfTheWeight()
    {
        LayerFile file = File("\"r\": 4, \"init_weights\": \"bat\"");
        foreach (string module in LayerFile.Modules(LayerFile.Query, LayerFile.Down))
        {
            ModuleInfo info = LayerFile.Base.Shape.Find(module)!;
            Tensor block = file.Add(module, "miss_block", info.Outputs / 4, 4, 4);
            double D(int output, int row, int column) => block.Row(output / 4)[(row * 4) + column];
            file.Change(module, (w, i, j) =>
                w.Row(i)[j] + D(i, i % 4, j % 4) + Enumerable.Range(0, 4).Sum(k => w.Row(i)[(j / 4 * 4) + k] * D(i, k, j % 4)));
        }

        await file.ShouldBeServedBy(new MissMethod());
    }

    [Theory]
    [InlineData("\"r\": 0", "r is 0")]
    [InlineData("\"r\": 5, \"init_weights\": \"bat\"", "r is 5")]
    [InlineData("\"mini_r\": 5, \"init_weights\": \"mini\"", "mini_r is 5")]
    [InlineData("\"init_weights\": \"olora\"", "init_weights is \"olora\"")]
    public void Load_WhatIsNotSupported_IsNamed(string option, string named) =>
        Should.Throw<AdapterOptionException>(() => new MissMethod().Load(File(option).Package, LayerFile.Base.Shape)).Message.ShouldContain(named);

    private static LayerFile File(string options) => new($$"""{ "peft_type": "MISS", "target_modules": ["q_proj", "down_proj"], {{options}} }""");
}
