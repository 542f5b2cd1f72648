using System.Text.Json;
using System.Text.Json.Nodes;
using SkPeft.PeftPlugins.Tests.Training;
using SkPeft.Tensors.Formats;
using SkPeft.Testing;

namespace SkPeft.PeftPlugins.Tests.Golden;

/// <summary>Training states and files belong together: the parameters that a golden run began with are, exported, the adapter that was saved.</summary>
public sealed class GoldenStateTests
{
    public static TheoryData<string, string> Adapters => GoldenAdapterTests.Adapters;

    [Theory]
    [MemberData(nameof(Adapters))]
    public void Export_OfAGoldenStartingState_IsTheSavedAdapter(string modelName, string adapterName)
    {
        string folder = SharedFolder.PathOf("golden", "tiny", "adapters", modelName, adapterName);
        AdapterPackage saved = AdapterFolder.Open(folder);
        PeftTraining training = Begin(modelName, saved);
        Load(training, Path.Combine(folder, "train_state.safetensors"));

        AdapterPackage exported = training.Export().ShouldHaveSingleItem();

        exported.Tensors.Keys.Order(StringComparer.Ordinal).ShouldBe(saved.Tensors.Keys.Order(StringComparer.Ordinal));
        foreach ((string name, Tensor tensor) in saved.Tensors)
        {
            GoldenFiles.LargestDifference(exported.Tensors[name], tensor).ShouldBeLessThan(1e-5f, name);
        }

        JsonObject config = JsonObject.Create(exported.Config)!;
        foreach (JsonProperty property in saved.Config.EnumerateObject())
        {
            JsonNode.DeepEquals(config[property.Name], JsonSerializer.SerializeToNode(property.Value)).ShouldBeTrue(property.Name);
        }
    }

    [Theory]
    [MemberData(nameof(Adapters))]
    public void Parameters_OfAGoldenConfiguration_HaveTheReferencesNamesAndShapes(string modelName, string adapterName)
    {
        string folder = SharedFolder.PathOf("golden", "tiny", "adapters", modelName, adapterName);
        AdapterPackage saved = AdapterFolder.Open(folder);
        PeftTraining training = Begin(modelName, saved);

        using SafetensorsFile state = SafetensorsFile.Open(Path.Combine(folder, "train_state.safetensors"));
        training.Parameters.Select(p => $"{p.Name} {p.Value.ShapeText}").Order(StringComparer.Ordinal)
            .ShouldBe(state.Tensors.Select(t => $"{t.Key} [{string.Join(", ", t.Value.Shape)}]").Order(StringComparer.Ordinal));
    }

    private static PeftTraining Begin(string modelName, AdapterPackage saved)
    {
        ITrainablePeftMethod? method = PluginMethods.Find(saved.PeftType) as ITrainablePeftMethod;
        if (method is null)
        {
            Assert.Skip($"No plugin trains {saved.PeftType} yet.");
        }

        ReferenceLlama model = ReferenceLlama.Open(SharedFolder.PathOf("golden", "tiny", "bases", modelName));
        return method.BeginTraining(new TrainingRequest { Package = saved, Model = model, Probe = new ReferenceProbe(model), Random = new Random(1) });
    }

    private static void Load(PeftTraining training, string path)
    {
        using SafetensorsFile state = SafetensorsFile.Open(path);
        foreach (TrainingParameter parameter in training.Parameters)
        {
            state.Tensors[parameter.Name].CopyTo(parameter.Value.Data);
        }
    }
}
