using SkPeft.Engine;
using SkPeft.Tensors.Kernels;
using SkPeft.Testing;

namespace SkPeft.PeftPlugins.Tests.Golden;

/// <summary>The same goldens through the engine that serves: loader, effects, cache and kernels, in exact precision.</summary>
public sealed class EngineGoldenTests
{
    public static TheoryData<string, string> Adapters => GoldenAdapterTests.Adapters;

    [Theory]
    [MemberData(nameof(Adapters))]
    public async Task Logits_GoldenAdapterOnTheEngine_EqualTheReference(string modelName, string adapterName)
    {
        string folder = SharedFolder.PathOf("golden", "tiny", "adapters", modelName, adapterName);
        if (PluginMethods.Find(AdapterFolder.Open(folder).PeftType) is null)
        {
            Assert.Skip("No plugin reads this type yet.");
        }

        LanguageModelOptions options = new() { Precision = Precision.Exact, Threads = 2 };
        using LanguageModel model = LanguageModel.Open(SharedFolder.PathOf("golden", "tiny", "bases", modelName), options);
        AdapterFiles files = new(adapterName, "", Path.Combine(folder, "adapter_config.json"), Path.Combine(folder, "adapter_model.safetensors"), null) { Task = GoldenFiles.Task(folder) };
        using ILoadedAdapter adapter = await model.CreateAdapterLoader(new ReferencedMethods()).LoadAsync(files, TestContext.Current.CancellationToken);
        Dictionary<string, Tensor> expected = GoldenFiles.Expected("golden", "tiny", "adapters", modelName, adapterName);
        TinyInputs inputs = TinyInputs.Read();
        for (int i = 0; i < inputs.Prompts.Length; i++)
        {
            Tensor reference = expected[$"logits.{i}"];
            int from = inputs.Prompts[i].Length - reference[0];
            Tensor found = new(reference.Shape);
            await model.Engine.VisitLogitsAsync(
                inputs.Prompts[i], adapter, from, (index, logits) => logits.CopyTo(found.Row(index - from)), inputs.InstructionLengths[i],
                cancellationToken: TestContext.Current.CancellationToken);
            float difference = GoldenFiles.LargestDifference(found, reference);
            float tolerance = difference < 1e-4f ? 1e-4f : GoldenAdapterTests.ToleranceOfRounding(modelName, folder, inputs, i);
            difference.ShouldBeLessThan(tolerance, $"{modelName}/{adapterName}, prompt {i}");
        }
    }
}
