using SkPeft.Peft.Road;
using SkPeft.PeftPlugins.Tests.Layers;

namespace SkPeft.PeftPlugins.Tests.Road;

public sealed class RoadTests
{
    [Theory]
    [InlineData("road_1", 2)]
    [InlineData("road_1", 8)]
    [InlineData("road_2", 4)]
    [InlineData("road_4", 8)]
    public async Task BuildEffects_OnABaseWithBiases_EqualMergedWeightsAndBiases(string variant, int group)
    {
        LayerFile file = new($$"""{ "peft_type": "ROAD", "variant": "{{variant}}", "group_size": {{group}}, "target_modules": ["q_proj", "down_proj"] }""");
        foreach (string module in LayerFile.Modules(LayerFile.Query, LayerFile.Down))
        {
            int outputs = LayerFile.Base.Shape.Find(module)!.Outputs;
            int size = variant switch { "road_1" => outputs / 2, "road_2" => outputs, _ => 2 * outputs };
            Tensor theta = file.Add(module, "road_theta", size);
            Tensor alpha = file.Add(module, "road_alpha", size);
            int half = group / 2;

            // Where the angle and scale of an output are; part 1: on its partner.
            int Place(int output, int part) => variant switch
            {
                "road_1" => (output / group * half) + (output % half),
                "road_2" => output,
                _ => (output / group * 2 * group) + (part * group) + (output % group),
            };
            double[,] rotation = Matrices.Make(outputs, outputs, (i, j) =>
            {
                int partner = i % group < half ? i + half : i - half;
                return j == i ? alpha.Data[Place(i, 0)] * Math.Cos(theta.Data[Place(i, 0)])
                    : j == partner ? (i % group < half ? -1 : 1) * alpha.Data[Place(i, 1)] * Math.Sin(theta.Data[Place(i, 1)])
                    : 0;
            });
            file.Change(module, (w, row, column) => Enumerable.Range(0, outputs).Sum(i => rotation[row, i] * w.Row(i)[column]));
            file.ChangeBias(module, (b, row) => Enumerable.Range(0, outputs).Sum(i => rotation[row, i] * b.Data[i]));
        }

        await file.ShouldBeServedBy(new RoadMethod());
    }

    [Theory]
    [InlineData("\"variant\": \"road_3\"", "variant is \"road_3\"")]
    [InlineData("\"group_size\": 7", "group_size is 7")]
    [InlineData("\"group_size\": 10", "group_size is 10")]
    public void Load_WhatIsNotSupported_IsNamed(string option, string named) =>
        Should.Throw<AdapterOptionException>(() => new RoadMethod().Load(
            new LayerFile($$"""{ "peft_type": "ROAD", "target_modules": ["q_proj"], {{option}} }""").Package, LayerFile.Base.Shape)).Message.ShouldContain(named);
}
