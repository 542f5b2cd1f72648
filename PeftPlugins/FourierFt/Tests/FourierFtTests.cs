using SkPeft.Peft.FourierFt;
using SkPeft.PeftPlugins.Tests.Layers;
using SkPeft.Tensors.Torch;

namespace SkPeft.PeftPlugins.Tests.FourierFt;

public sealed class FourierFtTests
{
    [Fact]
    public async Task BuildEffects_LayersWithTheirOwnCounts_EqualMergedWeights()
    {
        LayerFile file = new("""
            { "peft_type": "FOURIERFT", "n_frequency": 9, "n_frequency_pattern": { "down_proj": 96 }, "scaling": 7, "random_loc_seed": 12, "target_modules": ["q_proj", "down_proj"] }
            """);
        foreach (string module in LayerFile.Modules(LayerFile.Query, LayerFile.Down))
        {
            ModuleInfo info = LayerFile.Base.Shape.Find(module)!;
            Tensor spectrum = file.Add(module, "fourierft_spectrum", module.EndsWith("q_proj", StringComparison.Ordinal) ? 9 : 96);
            long[] places = new TorchGenerator(12).FirstOfPermutation(info.Outputs * info.Inputs, spectrum.Length);
            places.Distinct().Count().ShouldBe(spectrum.Length);
            file.Add(module, Matrices.Make(info.Outputs, info.Inputs, (p, q) =>
            {
                double sum = 0;
                for (int i = 0; i < places.Length; i++)
                {
                    (long row, long column) = (places[i] / info.Inputs, places[i] % info.Inputs);
                    sum += spectrum.Data[i] * Math.Cos(2 * Math.PI * (((double)p * row / info.Outputs) + ((double)q * column / info.Inputs)));
                }

                return 7 * sum / (info.Outputs * info.Inputs);
            }));
        }

        await file.ShouldBeServedBy(new FourierFtMethod());
    }

    [Theory]
    [InlineData("\"n_frequency\": 193", "n_frequency is 193")]
    [InlineData("\"n_frequency\": 0", "n_frequency is 0")]
    [InlineData("\"random_loc_seed\": -3", "random_loc_seed is -3")]
    public void Load_WhatIsNotSupported_IsNamed(string option, string named) =>
        Should.Throw<AdapterOptionException>(() => new FourierFtMethod().Load(
            new LayerFile($$"""{ "peft_type": "FOURIERFT", "target_modules": ["q_proj"], {{option}} }""").Package, LayerFile.Base.Shape)).Message.ShouldContain(named);
}
