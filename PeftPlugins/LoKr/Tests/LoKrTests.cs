using SkPeft.Peft.LoKr;
using SkPeft.PeftPlugins.Tests.Layers;

namespace SkPeft.PeftPlugins.Tests.LoKr;

/// <summary>q_proj is [24, 8]: [4 · 6, 2 · 4] where the split is free.</summary>
public sealed class LoKrTests
{
    [Theory]
    [InlineData(1, false, -1, "w1 [4, 2], w2_a [6, 1], w2_b [1, 4]")]
    [InlineData(3, false, -1, "w1 [4, 2], w2 [6, 4]")]
    [InlineData(1, true, -1, "w1_a [4, 1], w1_b [1, 2], w2_a [6, 1], w2_b [1, 4]")]
    [InlineData(2, true, -1, "w1 [4, 2], w2_a [6, 2], w2_b [2, 4]")]
    [InlineData(5, false, 2, "w1 [2, 2], w2_a [12, 5], w2_b [5, 4]")]
    [InlineData(6, false, 2, "w1 [2, 2], w2 [12, 4]")]
    [InlineData(1, true, 8, "w1_a [8, 1], w1_b [1, 8], w2_a [3, 1], w2_b [1, 1]")]
    [InlineData(1, false, 3, "w1 [3, 2], w2_a [8, 1], w2_b [1, 4]")]
    public async Task BuildEffects_EveryWayToSplit_EqualsMergedWeights(int rank, bool both, int factor, string parts)
    {
        LayerFile file = new($$"""
            { "peft_type": "LOKR", "r": {{rank}}, "alpha": 3, "decompose_both": {{(both ? "true" : "false")}}, "decompose_factor": {{factor}}, "target_modules": ["q_proj"] }
            """);
        foreach (string module in LayerFile.Modules(LayerFile.Query))
        {
            Dictionary<string, double[,]> tensors = [];
            foreach (string part in parts.Split("], ", StringSplitOptions.None))
            {
                string[] words = part.TrimEnd(']').Split([' ', '[', ','], StringSplitOptions.RemoveEmptyEntries);
                int[] shape = [.. words[1..].Select(w => int.Parse(w, System.Globalization.CultureInfo.InvariantCulture))];
                tensors[words[0]] = Matrices.Of(file.Add(module, "lokr_" + words[0], shape));
            }

            double[,] first = tensors.TryGetValue("w1", out double[,]? w1) ? w1 : tensors["w1_a"].Times(tensors["w1_b"]);
            double[,] second = tensors.TryGetValue("w2", out double[,]? w2) ? w2 : tensors["w2_a"].Times(tensors["w2_b"]);
            (int height, int width) = (second.GetLength(0), second.GetLength(1));
            file.Add(module, Matrices.Make(24, 8, (i, j) => 3.0 / rank * first[i / height, j / width] * second[i % height, j % width]));
        }

        await file.ShouldBeServedBy(new LoKrMethod());
    }

    [Theory]
    [InlineData(128, -1, 8, 16)]
    [InlineData(250, -1, 10, 25)]
    [InlineData(360, 4, 4, 90)]
    [InlineData(360, -1, 18, 20)]
    [InlineData(512, -1, 16, 32)]
    [InlineData(1024, -1, 32, 32)]
    [InlineData(127, -1, 1, 127)]
    [InlineData(127, 5, 1, 127)]
    [InlineData(720, 7, 6, 120)]
    [InlineData(12, 6, 6, 2)]
    public void Factors_AreThoseOfLycoris(int extent, int wanted, int first, int second) => Factors.Of(extent, wanted).ShouldBe((first, second));

    [Theory]
    [InlineData("true", "w1", true)]
    [InlineData("true", "w2_b", false)]
    [InlineData("\"lycoris\"", "w1", false)]
    [InlineData("\"lycoris\"", "w2_b", true)]
    [InlineData("\"lycoris\"", "w2_a", false)]
    [InlineData("false", "w1", false)]
    [InlineData("false", "w2_b", false)]
    public void BeginTraining_InitWeights_SayWhatIsZero(string start, string tensor, bool isZero)
    {
        PeftTraining training = new LoKrMethod().BeginTraining(new TrainingRequest
        {
            Package = new LayerFile($$"""{ "peft_type": "LOKR", "r": 1, "init_weights": {{start}}, "target_modules": ["q_proj"] }""").Package,
            Model = LayerFile.Base,
            Probe = null!,
            Random = new Random(1),
        });
        training.Parameters.First(p => p.Name.EndsWith($".lokr_{tensor}.default", StringComparison.Ordinal)).Value.Data.ToArray().All(v => v == 0).ShouldBe(isZero);
    }

    [Fact]
    public void Load_AnotherStart_IsNamed() =>
        Should.Throw<AdapterOptionException>(() => new LoKrMethod().Load(new LayerFile("""{ "peft_type": "LOKR", "init_weights": "pissa" }""").Package, LayerFile.Base.Shape))
            .Message.ShouldContain("\"pissa\"");
}
