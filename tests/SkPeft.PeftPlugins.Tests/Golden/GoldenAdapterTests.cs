using SkPeft.Testing;

namespace SkPeft.PeftPlugins.Tests.Golden;

/// <summary>Every adapter of <c>golden/tiny/adapters</c> whose type a plugin reads, through that plugin and the plain reference model.</summary>
public sealed class GoldenAdapterTests
{
    public static TheoryData<string, string> Adapters
    {
        get
        {
            TheoryData<string, string> data = [];
            foreach (string model in SharedFolder.FoldersIn("golden", "tiny", "adapters"))
            {
                foreach (string adapter in SharedFolder.FoldersIn("golden", "tiny", "adapters", model))
                {
                    data.Add(model, adapter);
                }
            }

            // One row that skips itself, where ../shared is absent.
            if (data.Count == 0)
            {
                data.Add("", "");
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Adapters))]
    public void Logits_GoldenAdapter_EqualTheReference(string modelName, string adapterName)
    {
        string folder = SharedFolder.PathOf("golden", "tiny", "adapters", modelName, adapterName);
        AdapterPackage package = AdapterFolder.Open(folder, GoldenFiles.Task(folder));
        IPeftMethod? method = PluginMethods.Find(package.PeftType);
        if (method is null)
        {
            Assert.Skip($"No plugin reads {package.PeftType} yet.");
        }

        ReferenceLlama model = ReferenceLlama.Open(SharedFolder.PathOf("golden", "tiny", "bases", modelName));
        PeftModule module = method.Load(package, model.Shape);
        module.MatchedModules.ShouldNotBeEmpty();
        IReadOnlyList<Effect> effects = module.BuildEffects(model);

        Dictionary<string, Tensor> expected = GoldenFiles.Expected("golden", "tiny", "adapters", modelName, adapterName);
        TinyInputs inputs = TinyInputs.Read();
        for (int i = 0; i < inputs.Prompts.Length; i++)
        {
            Tensor logits = LastOf(model, inputs, i, effects);
            // The reference ran in fp32, this model runs in double precision.
            float difference = GoldenFiles.LargestDifference(logits, expected[$"logits.{i}"]);
            float tolerance = difference < 1e-4f ? 1e-4f : ToleranceOfRounding(modelName, folder, inputs, i);
            difference.ShouldBeLessThan(tolerance, $"{modelName}/{adapterName}, prompt {i}");
        }
    }

    /// <summary>
    /// Some adapters amplify rounding (near ties in attention) beyond 1e-4. The tolerance is then what rounding alone does to these very
    /// logits, four times over.
    /// </summary>
    internal static float ToleranceOfRounding(string modelName, string adapterFolder, TinyInputs inputs, int prompt)
    {
        AdapterPackage package = AdapterFolder.Open(adapterFolder, GoldenFiles.Task(adapterFolder));
        ReferenceLlama model = ReferenceLlama.Open(SharedFolder.PathOf("golden", "tiny", "bases", modelName));
        IReadOnlyList<Effect> effects = PluginMethods.Find(package.PeftType)!.Load(package, model.Shape).BuildEffects(model);
        Tensor exact = LastOf(model, inputs, prompt, effects);
        float noise = Enumerable.Range(1, 8).Max(seed => GoldenFiles.LargestDifference(exact, LastOf(model.WithRoundingNoise(seed), inputs, prompt, effects)));
        float tolerance = Math.Max(1e-4f, 4 * noise);
        tolerance.ShouldBeLessThan(2e-3f, "a tolerance that large would prove nothing");
        return tolerance;
    }

    /// <summary>The last 8 positions, as the golden files have them.</summary>
    private static Tensor LastOf(ReferenceLlama model, TinyInputs inputs, int prompt, IReadOnlyList<Effect> effects)
    {
        Tensor logits = model.Logits(inputs.Prompts[prompt], inputs.InstructionLengths[prompt], effects);
        int kept = Math.Min(8, logits[0]);
        return logits.Rows(logits[0] - kept, kept);
    }
}
