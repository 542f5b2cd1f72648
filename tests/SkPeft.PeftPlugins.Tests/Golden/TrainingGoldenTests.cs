using System.Text.Json;
using SkPeft.Testing;

namespace SkPeft.PeftPlugins.Tests.Golden;

/// <summary>Every adapter of <c>golden/tiny/adapters</c> trained as the reference trained it: gradients, losses, final state, saved files.</summary>
public sealed class TrainingGoldenTests
{
    public static TheoryData<string, string> Adapters => GoldenAdapterTests.Adapters;

    [Theory]
    [MemberData(nameof(Adapters))]
    public void Training_GoldenAdapter_GradientsLossesAndFinalStateEqualTheReference(string modelName, string adapterName)
    {
        string folder = FolderOf(modelName, adapterName);
        double[] expected = Losses(folder);
        Dictionary<string, Tensor> gradients = TrainingGolden.Tensors(folder, "gradients");
        Dictionary<string, Tensor> final = TrainingGolden.Tensors(folder, "train_state_final");
        TrainedGolden found = TrainedGolden.Run(modelName, folder, expected.Length);
        RoundingOfTraining rounding = new(modelName, folder, found);
        List<string> wrong =
        [
            .. found.Gradients
                .Where(g => !(Difference(g.Value, gradients[g.Key]) <= 1e-3))
                .Select(g => $"gradient of {g.Key}: {Difference(g.Value, gradients[g.Key]):0.0e0}"),
            .. Enumerable.Range(0, expected.Length)
                .Where(step => !(Math.Abs(found.Losses[step] - expected[step]) <= 1e-3) && !(Math.Abs(found.Losses[step] - expected[step]) <= rounding.OfLoss(step)))
                .Select(step => $"loss of step {step}: {found.Losses[step]} for {expected[step]}"),
            .. found.Final
                .Where(p => !(Difference(p.Value, final[p.Key]) <= 1e-2) && !(Difference(p.Value, final[p.Key]) <= rounding.OfFinal(p.Key)))
                .Select(p => $"final {p.Key}: {Difference(p.Value, final[p.Key]):0.0e0}"),
        ];
        wrong.ShouldBeEmpty($"{modelName}/{adapterName}");
    }

    [Theory]
    [MemberData(nameof(Adapters))]
    public void Export_GoldenAdapter_HasTheLayoutThatItCameIn(string modelName, string adapterName)
    {
        string folder = FolderOf(modelName, adapterName);
        AdapterPackage expected = AdapterFolder.Open(folder);
        using TrainingGolden run = new(modelName, folder);
        AdapterPackage found = run.Training.Export().Count == 1 ? run.Training.Export()[0] : throw new InvalidOperationException("several packages");

        found.Tensors.Keys.Order(StringComparer.Ordinal).ShouldBe(expected.Tensors.Keys.Order(StringComparer.Ordinal));
        foreach ((string name, Tensor tensor) in expected.Tensors)
        {
            found.Tensors[name].ShapeText.ShouldBe(tensor.ShapeText, name);
            Difference(found.Tensors[name], tensor).ShouldBeLessThan(1e-5, name);
        }

        foreach (JsonProperty property in expected.Config.EnumerateObject())
        {
            JsonElement.DeepEquals(found.Config.GetProperty(property.Name), property.Value).ShouldBeTrue($"{property.Name} is {found.Config.GetProperty(property.Name)}");
        }
    }

    private static string FolderOf(string modelName, string adapterName)
    {
        string folder = SharedFolder.PathOf("golden", "tiny", "adapters", modelName, adapterName);
        string type = AdapterFolder.Open(folder).PeftType;
        if (PluginMethods.Find(type) is not ITrainablePeftMethod)
        {
            Assert.Skip($"No plugin trains {type} yet.");
        }

        return folder;
    }

    private static double[] Losses(string folder)
    {
        using JsonDocument train = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "train.json")));
        return train.RootElement.GetProperty("losses").Deserialize<double[]>()!;
    }

    // ‖Δ‖ / ‖reference‖; a reference of zeros must be met to 1e-6.
    internal static double Difference(Tensor found, Tensor expected)
    {
        double difference = 0;
        double size = 0;
        for (int i = 0; i < expected.Length; i++)
        {
            difference += Math.Pow(found.Data[i] - expected.Data[i], 2);
            size += Math.Pow(expected.Data[i], 2);
        }

        return size == 0 ? (difference <= 1e-12 ? 0 : double.PositiveInfinity) : Math.Sqrt(difference / size);
    }
}
