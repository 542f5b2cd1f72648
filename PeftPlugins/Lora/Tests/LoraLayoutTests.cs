using SkPeft.Peft.Lora;
using SkPeft.Testing;

namespace SkPeft.PeftPlugins.Tests.Lora;

/// <summary>Spellings of names that other versions and tools write.</summary>
public sealed class LoraLayoutTests
{
    private static readonly ReferenceLlama s_model = ReferenceLlama.Random(
        new ModelSizes { Layers = 2, HiddenSize = 4, Heads = 2, KeyValueHeads = 1, HeadDim = 2, IntermediateSize = 6, VocabularySize = 8 }, 1);

    [Theory]
    [InlineData(".lora_A.weight", ".lora_A.default.weight")]
    [InlineData(".lora_magnitude_vector", ".lora_magnitude_vector.weight")]
    [InlineData(".lora_magnitude_vector", ".lora_magnitude_vector.default")]
    [InlineData(".lora_magnitude_vector", ".lora_magnitude_vector.default.weight")]
    [InlineData("model.norm.weight", "model.norm.modules_to_save.default.weight")]
    [InlineData("base_model.model.model.", "model.")]
    public void Load_AnotherSpelling_IsTheSameAdapter(string standard, string spelling)
    {
        LoraFile file = File();
        IReadOnlyDictionary<string, Tensor> respelled = file.Tensors.ToDictionary(t => t.Key.Replace(standard, spelling, StringComparison.Ordinal), t => t.Value);
        respelled.Keys.ShouldNotBe(file.Tensors.Keys);
        Logits(new AdapterPackage("respelled", file.Package.Config, respelled)).ShouldBe(Logits(file.Package));
    }

    [Fact]
    public void Load_AnAdapterOfTheBareBackbone_IsTheSameAdapter()
    {
        LoraFile file = File();
        IReadOnlyDictionary<string, Tensor> bare = file.Tensors.ToDictionary(
            t => t.Key.Replace("base_model.model.model.", "base_model.model.", StringComparison.Ordinal), t => t.Value);
        Logits(new AdapterPackage("bare", file.Package.Config, bare)).ShouldBe(Logits(file.Package));
    }

    [Fact]
    public void Load_AnAdapterOfTheBareBackbone_MatchesPatternsWithoutTheModelInFront()
    {
        LoraFile file = File();
        file.Config["target_modules"] = @"layers\.\d+\.self_attn\.q_proj";
        Should.Throw<AdapterMatchesNothingException>(() => new LoraMethod().Load(file.Package, s_model.Shape));
        IReadOnlyDictionary<string, Tensor> bare = file.Tensors.ToDictionary(
            t => t.Key.Replace("base_model.model.model.", "base_model.model.", StringComparison.Ordinal), t => t.Value);
        new LoraMethod().Load(new AdapterPackage("bare", file.Package.Config, bare), s_model.Shape).MatchedModules
            .Take(2).ShouldBe(["model.layers.0.self_attn.q_proj", "model.layers.1.self_attn.q_proj"]);
    }

    [Fact]
    public void Load_TheSameTensorUnderTwoSpellings_IsRefused()
    {
        LoraFile file = File();
        file.Tensors[LoraFile.Prefix + "model.layers.0.self_attn.q_proj.lora_A.default.weight"] = new Tensor(4, 4);
        Should.Throw<AdapterShapeException>(() => new LoraMethod().Load(file.Package, s_model.Shape)).Message.ShouldContain("two spellings");
    }

    private static float[] Logits(AdapterPackage package) =>
        s_model.Logits([1, 5, 2], 2, new LoraMethod().Load(package, s_model.Shape).BuildEffects(s_model)).Data.ToArray();

    private static LoraFile File()
    {
        LoraFile file = new(s_model) { Config = { ["use_dora"] = true, ["target_modules"] = new[] { "q_proj" }, ["modules_to_save"] = new[] { "norm" } } };
        foreach (ModuleInfo norm in s_model.Shape.Modules.Where(m => m.Kind == ModuleKind.Norm))
        {
            file.Tensors[$"{LoraFile.Prefix}{norm.Name}.weight"] = file.Normal(4);
        }

        return file.Adapt("model.layers.0.self_attn.q_proj", 4).Adapt("model.layers.1.self_attn.q_proj", 4);
    }
}
