using SkPeft.Peft.LnTuning;
using SkPeft.PeftPlugins.Tests.Identity;
using SkPeft.PeftPlugins.Tests.Training;
using SkPeft.Testing;

namespace SkPeft.PeftPlugins.Tests.LnTuning;

public sealed class LnTuningTests
{
    private static readonly ReferenceLlama s_biased = ReferenceLlama.Random(
        new ModelSizes
        {
            Layers = 2, HiddenSize = 8, Heads = 4, KeyValueHeads = 2, HeadDim = 6, IntermediateSize = 12, VocabularySize = 16,
            TiedEmbeddings = true, AttentionBias = true,
        },
        6);

    private static readonly LnTuningMethod s_method = new();

    [Theory]
    [InlineData("null", "input_layernorm", "post_attention_layernorm", "norm")]
    [InlineData("[\"norm\"]", "model.norm")]
    [InlineData("[\"o_proj\", \"embed_tokens\", \"up_proj\"]", "o_proj", "embed_tokens", "up_proj")]
    public async Task BuildEffects_Copies_EqualAModelWithThem(string targets, params string[] modules)
    {
        Random random = new(2);
        Dictionary<string, Tensor> tensors = [];
        ReferenceLlama expected = s_biased;
        foreach (ModuleInfo module in s_biased.Shape.Modules.Where(m => modules.Any(t => m.Name == t || m.Name.EndsWith("." + t, StringComparison.Ordinal))))
        {
            foreach ((string leaf, int[] shape) in Parts(module))
            {
                Tensor copy = RandomTensors.Normal(random, 0.5, shape);
                tensors[$"base_model.model.{module.Name}.ln_tuning_layers{leaf}"] = copy;
                expected = expected.With(module.Name + leaf, copy);
            }
        }

        await s_method.ShouldServe(AdapterFolder.Make(Config(targets), tensors), s_biased, expected);
    }

    [Theory]
    [InlineData("null", 5)]
    [InlineData("[\"o_proj\", \"norm\"]", 5)]
    public void BeginTraining_StartsAsTheBase_AndSavesWhatItTrained(string targets, int parameters)
    {
        PeftTraining training = s_method.BeginTraining(Requests.Of(s_biased, Config(targets)));
        training.Parameters.Count.ShouldBe(parameters);
        training.Parameters.ShouldAllBe(p => !p.Decays && p.Name.Contains("ln_tuning_layers.default."));
        training.ShouldStartAsTheBase(s_biased);
        training.ShouldSaveWhatItTrained(s_method, s_biased);
    }

    private static IEnumerable<(string Leaf, int[] Shape)> Parts(ModuleInfo module)
    {
        yield return (".weight", module.Kind == ModuleKind.Norm ? [module.Outputs] : [module.Outputs, module.Inputs]);
        if (module.HasBias)
        {
            yield return (".bias", [module.Outputs]);
        }
    }

    private static string Config(string targets) => $$"""{ "peft_type": "LN_TUNING", "target_modules": {{targets}} }""";
}
