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

            return data;
        }
    }

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(Adapters))]
    public void Logits_GoldenAdapter_EqualTheReference(string modelName, string adapterName)
    {
        string folder = SharedFolder.PathOf("golden", "tiny", "adapters", modelName, adapterName);
        AdapterPackage package = AdapterFolder.Open(folder);
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
            float tolerance = 1e-4f;
            if (GoldenFiles.LargestDifference(logits, expected[$"logits.{i}"]) >= tolerance)
            {
                // Some adapters amplify rounding (near ties in attention): the reference ran in fp32, this model runs in double precision.
                // The tolerance is then what rounding alone does to these very logits, four times over.
                Tensor disturbed = LastOf(model.WithRoundingNoise(seed: 5), inputs, i, effects);
                tolerance = Math.Max(tolerance, 4 * GoldenFiles.LargestDifference(logits, disturbed));
                tolerance.ShouldBeLessThan(2e-3f, "a tolerance that large would prove nothing");
            }

            GoldenFiles.LargestDifference(logits, expected[$"logits.{i}"]).ShouldBeLessThan(tolerance, $"{modelName}/{adapterName}, prompt {i}");
        }
    }

    /// <summary>The last 8 positions, as the golden files have them.</summary>
    private static Tensor LastOf(ReferenceLlama model, TinyInputs inputs, int prompt, IReadOnlyList<Effect> effects)
    {
        Tensor logits = model.Logits(inputs.Prompts[prompt], inputs.InstructionLengths[prompt], effects);
        int kept = Math.Min(8, logits[0]);
        return logits.Rows(logits[0] - kept, kept);
    }
}
