using System.Text.Json;
using SkPeft.Engine;
using SkPeft.Tensors.Classification;
using SkPeft.Tensors.Kernels;
using SkPeft.Testing;
using SkPeft.Training.Optimisation;

namespace SkPeft.PeftPlugins.Tests.Golden;

/// <summary>Every adapter of <c>golden/tiny/seqcls</c>: scores of classes within 1e-4, on the plain reference and on the engine.</summary>
public sealed class ClassifierGoldenTests
{
    private const string Base = "plain";

    public static TheoryData<string> Adapters => [.. SharedFolder.FoldersIn("golden", "tiny", "seqcls").DefaultIfEmpty("")];

    [Theory]
    [MemberData(nameof(Adapters))]
    public void Scores_OnTheReference_EqualTheGolden(string name)
    {
        AdapterPackage package = AdapterFolder.Open(SharedFolder.PathOf("golden", "tiny", "seqcls", name));
        ReferenceLlama model = ReferenceLlama.Open(SharedFolder.PathOf("golden", "tiny", "bases", Base));
        IReadOnlyList<Effect> effects = ClassifierMethod.Around(PluginMethods.Find(package.PeftType)!).Load(package, model.Shape).BuildEffects(model);
        Dictionary<string, Tensor> expected = GoldenFiles.Expected("golden", "tiny", "seqcls", name);
        TinyInputs inputs = TinyInputs.Read();
        for (int i = 0; i < inputs.Prompts.Length; i++)
        {
            Tensor found = model.Scores(inputs.Prompts[i], inputs.InstructionLengths[i], effects);
            GoldenFiles.LargestDifference(found, expected[$"scores.{i}"]).ShouldBeLessThan(1e-4f, $"prompt {i}");
        }
    }

    [Theory]
    [MemberData(nameof(Adapters))]
    public void Training_GivesTheLossesOfTheGolden(string name)
    {
        string folder = SharedFolder.PathOf("golden", "tiny", "seqcls", name);
        using TrainingGolden run = new(Base, folder);
        using JsonDocument recorded = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "train.json")));
        AdamW optimiser = new();
        IReadOnlyList<TrainingBatchOfGolden> batches = TrainingBatchOfGolden.ReadAll();
        foreach ((int step, JsonElement loss) in recorded.RootElement.GetProperty("losses").EnumerateArray().Index())
        {
            TrainingBatchOfGolden batch = batches[step % batches.Count];
            int[] classes = [.. Enumerable.Range(0, batch.Sequences.Count).Select(i => (i + step) % 3)];
            run.Differentiate(batch, optimiser, classes).Loss.ShouldBe((float)loss.GetDouble(), 1e-3, $"step {step}");
        }
    }

    [Theory]
    [MemberData(nameof(Adapters))]
    public void Export_HasTheLayoutThatItCameIn(string name)
    {
        string folder = SharedFolder.PathOf("golden", "tiny", "seqcls", name);
        using TrainingGolden run = new(Base, folder);
        AdapterPackage expected = AdapterFolder.Open(folder);
        AdapterPackage found = run.Training.Export().Single();
        found.Tensors.Keys.Order(StringComparer.Ordinal).ShouldBe(expected.Tensors.Keys.Order(StringComparer.Ordinal));
        foreach ((string tensor, Tensor value) in expected.Tensors)
        {
            found.Tensors[tensor].Data.ToArray().ShouldBe(value.Data.ToArray(), tensor);
        }

        foreach (JsonProperty property in expected.Config.EnumerateObject())
        {
            JsonElement.DeepEquals(found.Config.GetProperty(property.Name), property.Value).ShouldBeTrue($"{property.Name} is {found.Config.GetProperty(property.Name)}");
        }
    }

    [Theory]
    [MemberData(nameof(Adapters))]
    public async Task Scores_OnTheEngine_EqualTheGolden(string name)
    {
        string folder = SharedFolder.PathOf("golden", "tiny", "seqcls", name);
        LanguageModelOptions options = new() { Precision = Precision.Exact, Threads = 2 };
        using LanguageModel model = LanguageModel.Open(SharedFolder.PathOf("golden", "tiny", "bases", Base), options);
        AdapterFiles files = new(name, "", Path.Combine(folder, "adapter_config.json"), Path.Combine(folder, "adapter_model.safetensors"), null);
        using ILoadedAdapter adapter = await model.CreateAdapterLoader(new ReferencedMethods()).LoadAsync(files, TestContext.Current.CancellationToken);
        adapter.Labels.ShouldBe(["0", "1", "2"]);
        Dictionary<string, Tensor> expected = GoldenFiles.Expected("golden", "tiny", "seqcls", name);
        TinyInputs inputs = TinyInputs.Read();
        for (int i = 0; i < inputs.Prompts.Length; i++)
        {
            float[] found = await model.Engine.ClassifyAsync(inputs.Prompts[i], adapter, cancellationToken: TestContext.Current.CancellationToken);
            GoldenFiles.LargestDifference(Tensor.From(found, found.Length), expected[$"scores.{i}"]).ShouldBeLessThan(1e-4f, $"prompt {i}");
        }
    }
}
