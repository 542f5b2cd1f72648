using SkPeft.Peft.BitFit;
using SkPeft.PeftPlugins.Tests.Identity;
using SkPeft.PeftPlugins.Tests.Training;
using SkPeft.Testing;

namespace SkPeft.PeftPlugins.Tests.BitFit;

public sealed class BitFitTests
{
    private static readonly ModelSizes s_sizes = new()
    {
        Layers = 1, HiddenSize = 8, Heads = 4, KeyValueHeads = 2, HeadDim = 6, IntermediateSize = 12, VocabularySize = 16,
    };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task BuildEffects_EveryLinearLayerAndTheHead_EqualBiasesOfTheModel(bool biased)
    {
        ReferenceLlama model = ReferenceLlama.Random(s_sizes with { AttentionBias = biased, MlpBias = biased }, 2);
        Random random = new(3);
        Dictionary<string, Tensor> tensors = [];
        ReferenceLlama merged = model;
        foreach (ModuleInfo module in model.Shape.Modules.Where(m => m.Kind == ModuleKind.Linear))
        {
            Tensor added = RandomTensors.Normal(random, 0.5, module.Outputs);
            tensors[module.Name + ".bitfit_bias"] = added;
            Tensor sum = model.Bias(module.Name) ?? new Tensor(module.Outputs);
            for (int i = 0; i < sum.Length; i++)
            {
                sum.Data[i] += added.Data[i];
            }

            merged = merged.With(module.Name + ".bias", sum);
        }

        AdapterPackage package = AdapterFolder.Make("""{ "peft_type": "SKPEFT_BITFIT", "target_modules": ".*(_proj|lm_head)" }""", tensors);
        new BitFitMethod().Load(package, model.Shape).MatchedModules.Count.ShouldBe(8);
        await new BitFitMethod().ShouldServe(package, model, merged);
    }

    [Theory]
    [InlineData("""{ "peft_type": "SKPEFT_BITFIT" }""", 7)]
    [InlineData("""{ "peft_type": "SKPEFT_BITFIT", "target_modules": ["q_proj", "lm_head"] }""", 2)]
    public void BeginTraining_StartsAsTheBase_AndTheFileIsWhatWasTrained(string config, int parameters)
    {
        ReferenceLlama model = ReferenceLlama.Random(s_sizes with { AttentionBias = true }, 2);
        PeftTraining training = new BitFitMethod().BeginTraining(Requests.Of(model, config));
        training.Parameters.Count.ShouldBe(parameters);
        training.Parameters.ShouldAllBe(p => !p.Decays);
        training.ShouldStartAsTheBase(model);
        training.ShouldSaveWhatItTrained(new BitFitMethod(), model);
    }

    [Theory]
    [InlineData("""{ "peft_type": "SKPEFT_BITFIT" }""")]
    [InlineData("""{ "peft_type": "SKPEFT_BITFIT", "target_modules": [] }""")]
    public void Load_WithoutTargets_MatchesNothing(string config) =>
        Should.Throw<AdapterMatchesNothingException>(() => new BitFitMethod().Load(AdapterFolder.Make(config, new Dictionary<string, Tensor>()), new ModelShape(s_sizes)))
            .Message.ShouldContain("empty");

    [Theory]
    [InlineData("""{ "peft_type": "SKPEFT_BITFIT", "target_modules": ["embed_tokens"] }""", "embed_tokens")]
    [InlineData("""{ "peft_type": "SKPEFT_BITFIT", "target_modules": ["q_proj"], "modules_to_save": ["norm"] }""", "modules_to_save")]
    public void Load_WhatIsNotSupported_IsNamed(string config, string named) =>
        Should.Throw<AdapterOptionException>(() => new BitFitMethod().Load(AdapterFolder.Make(config, new Dictionary<string, Tensor>()), new ModelShape(s_sizes)))
            .Message.ShouldContain(named);
}
