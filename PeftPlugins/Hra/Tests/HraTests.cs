using SkPeft.Peft.Hra;
using SkPeft.PeftPlugins.Tests.Layers;

namespace SkPeft.PeftPlugins.Tests.Hra;

public sealed class HraTests
{
    [Theory]
    [InlineData(1, false)]
    [InlineData(5, false)]
    [InlineData(1, true)]
    [InlineData(4, true)]
    public async Task BuildEffects_OnABaseWithBiases_EqualMergedWeights(int rank, bool orthogonal)
    {
        LayerFile file = new($$"""{ "peft_type": "HRA", "r": {{rank}}, "apply_GS": {{(orthogonal ? "true" : "false")}}, "target_modules": ["q_proj", "down_proj"] }""");
        foreach (string module in LayerFile.Modules(LayerFile.Query, LayerFile.Down))
        {
            int inputs = LayerFile.Base.Shape.Find(module)!.Inputs;
            Tensor vectors = file.Add(module, "hra_u", inputs, rank);
            List<double[]> units = [];
            double[,] product = Matrices.Identity(inputs);
            for (int i = 0; i < rank; i++)
            {
                double[] unit = [.. Enumerable.Range(0, inputs).Select(k => (double)vectors.Row(k)[i])];
                foreach (double[] before in orthogonal ? units : [])
                {
                    double along = unit.Zip(before, (a, b) => a * b).Sum();
                    unit = [.. unit.Zip(before, (a, b) => a - (along * b))];
                }

                double length = Math.Sqrt(unit.Sum(v => v * v));
                unit = [.. unit.Select(v => v / length)];
                units.Add(unit);
                product = product.Times(Matrices.Make(inputs, inputs, (a, b) => (a == b ? 1 : 0) - (2 * unit[a] * unit[b])));
            }

            file.MultiplyRight(module, product);
        }

        await file.ShouldBeServedBy(new HraMethod());
    }

    [Fact]
    public void BeginTraining_WithGramSchmidt_DrawsVectorsThatHaveABasis()
    {
        PeftTraining training = new HraMethod().BeginTraining(new TrainingRequest
        {
            Package = new LayerFile("""{ "peft_type": "HRA", "r": 4, "apply_GS": true, "target_modules": ["q_proj"] }""").Package,
            Model = LayerFile.Base,
            Probe = null!,
            Random = new Random(1),
        });
        LowRankEffect effect = training.BuildEffects(LayerFile.Base, 0).OfType<LowRankEffect>().First();
        double[,] products = Matrices.Of(effect.A).Times(Matrices.Of(effect.A).Transposed());
        for (int i = 0; i < 16; i++)
        {
            products[i / 4, i % 4].ShouldBe(i / 4 == i % 4 ? 1 : 0, 1e-5);
        }
    }

    [Fact]
    public void Load_NoReflection_IsNamed() =>
        Should.Throw<AdapterOptionException>(() => new HraMethod().Load(new LayerFile("""{ "peft_type": "HRA", "r": 0 }""").Package, LayerFile.Base.Shape))
            .Message.ShouldContain("r is 0");
}
