using SkPeft.Peft.Lora;
using SkPeft.Testing;

namespace SkPeft.PeftPlugins.Tests.Lora;

/// <summary>What cannot be served is refused, and says why.</summary>
public sealed class LoraRefusalTests
{
    private static readonly ReferenceLlama s_model = ReferenceLlama.Random(
        new ModelSizes { Layers = 2, HiddenSize = 4, Heads = 2, KeyValueHeads = 1, HeadDim = 2, IntermediateSize = 6, VocabularySize = 8, TiedEmbeddings = true }, 1);

    [Theory]
    [InlineData("pissa")]
    [InlineData("pissa_niter_16")]
    [InlineData("olora")]
    [InlineData("OLoRA")]
    [InlineData("corda")]
    [InlineData("loftq")]
    [InlineData("lora_ga")]
    public void Load_AnInitialisationThatChangesTheBase_SaysHowToConvert(string name)
    {
        string message = Refused(("init_lora_weights", name));
        message.ShouldContain(name.ToLowerInvariant());
        message.ShouldContain("path_initial_model_for_weight_conversion");
    }

    [Theory]
    [InlineData("init_lora_weights", "made_up", "made_up")]
    [InlineData("init_lora_weights", 3, "init_lora_weights is 3")]
    [InlineData("fan_in_fan_out", true, "fan_in_fan_out")]
    [InlineData("bias", "some", "bias is \"some\"")]
    [InlineData("r", 0, "r is 0")]
    [InlineData("r", -4, "r is -4")]
    [InlineData("use_qalora", true, "use_qalora")]
    public void Load_AnOption_IsNamed(string key, object value, string named) => Refused((key, value)).ShouldContain(named);

    [Theory]
    [InlineData("layer_replication")]
    [InlineData("target_parameters")]
    [InlineData("alora_invocation_tokens")]
    public void Load_AListThatIsNotImplemented_IsNamed(string key) => Refused((key, new[] { 1 })).ShouldContain(key);

    [Theory]
    [InlineData("""[8]""", "0 to 7")]
    [InlineData("""[1, 1]""", "different tokens")]
    [InlineData("""{ "q_proj": [1] }""", "names q_proj")]
    [InlineData("""{ "embed_tokens": [1], "lm_head": [1] }""", "the same table")]
    [InlineData("""[1], "modules_to_save": ["lm_head"]""", "modules_to_save copies whole")]
    [InlineData("""[1], "target_modules": ["q_proj", "lm_head"]""", "which is targeted too")]
    public void Load_TokensThatCannotBe_AreNamed(string tokens, string named) => Should.Throw<AdapterOptionException>(() => Load(
        AdapterFolder.Make($$"""{ "peft_type": "LORA", "r": 2{{(tokens.Contains("target_modules") ? "" : """, "target_modules": ["q_proj"]""")}}, "trainable_token_indices": {{tokens}} }""", File().Tensors)))
        .Message.ShouldContain(named);

    [Theory]
    [InlineData("arrow_config")]
    [InlineData("kasa_config")]
    [InlineData("velora_config")]
    [InlineData("monteclora_config")]
    [InlineData("use_bdlora")]
    [InlineData("megatron_config")]
    public void Load_ASubConfigurationThatIsNotImplemented_IsNamed(string key) =>
        Refused((key, new Dictionary<string, int> { ["a"] = 1 })).ShouldContain(key);

    [Fact]
    public void Load_SeveralOptions_NamesAllOfThem()
    {
        string message = Refused(("init_lora_weights", "pissa"), ("fan_in_fan_out", true), ("use_dora", true), ("lora_bias", true), ("layer_replication", new[] { 1 }));
        foreach (string option in (string[])["pissa", "fan_in_fan_out", "lora_bias", "layer_replication"])
        {
            message.ShouldContain(option);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [InlineData("gaussian")]
    [InlineData("eva")]
    [InlineData("orthogonal")]
    [InlineData("mica")]
    [InlineData(null)]
    public void Load_AnInitialisationThatLeavesTheBaseAlone_IsServed(object? value) => Load(File(("init_lora_weights", value))).MatchedModules.Count.ShouldBe(2);

    [Fact]
    public void Load_SettingsOfTrainingOnly_AreServed() => Load(File(
        ("lora_dropout", 0.3), ("megatron_core", "megatron.core"), ("qalora_group_size", 16), ("eva_config", new Dictionary<string, double> { ["rho"] = 2 }),
        ("loftq_config", new Dictionary<string, int> { ["loftq_bits"] = 4 }), ("ensure_weight_tying", true))).MatchedModules.Count.ShouldBe(2);

    [Theory]
    [InlineData("embed_tokens")]
    [InlineData("lm_head")]
    public void Load_TyingOfATiedBase_IsRefused(string target) =>
        Refused(("target_modules", new[] { target }), ("ensure_weight_tying", true)).ShouldContain("ensure_weight_tying");

    [Theory]
    [InlineData("mlp", "model.layers.0.mlp")]
    [InlineData("norm", "model.norm")]
    [InlineData("input_layernorm", "model.layers.0.input_layernorm")]
    public void Load_ATargetThatIsNoLinearLayer_IsNamed(string target, string module) => Refused(("target_modules", new[] { target })).ShouldContain(module);

    [Fact]
    public void Load_AModuleBothTargetedAndCopied_IsRefused() =>
        Refused(("modules_to_save", new[] { "k_proj", "proj" }), ("target_modules", new[] { "q_proj" })).ShouldContain("q_proj, which is targeted too");

    [Fact]
    public void Load_ModulesToSaveNamesTheListOfLayers_IsRefused() =>
        Should.Throw<AdapterOptionException>(() => Load(File(("modules_to_save", new[] { "layers" }), ("target_modules", new[] { "lm_head" })).Adapt("lm_head", 2)))
            .Message.ShouldContain("model.layers");

    [Fact]
    public void Load_BiasOnB_NotOnTheEmbedding()
    {
        string message = Refused(("lora_bias", true), ("target_modules", new[] { "embed_tokens" }));
        message.ShouldContain("lora_bias");
        message.ShouldContain("model.embed_tokens");
    }

    [Theory]
    [InlineData("""{ "q_proj": 0 }""", "adapter-option")]
    [InlineData("""{ "q_proj": 1.5 }""", "adapter-option")]
    [InlineData("""{ "q_proj": "4" }""", "file-format")]
    [InlineData("""{ "(q_proj": 4 }""", "file-format")]
    [InlineData("""["q_proj"]""", "file-format")]
    public void Load_ABadRankPattern_IsRefused(string pattern, string kind)
    {
        SkPeftException error = Should.Throw<SkPeftException>(
            () => Load(AdapterFolder.Make($$"""{ "peft_type": "LORA", "target_modules": ["q_proj"], "rank_pattern": {{pattern}} }""", File().Tensors)));
        error.Kind.ShouldBe(kind);
        error.Message.ShouldContain("rank_pattern");
    }

    [Fact]
    public void Load_ATargetedModuleWithoutTensors_NamesTheTensor()
    {
        LoraFile file = File();
        file.Tensors.Remove(LoraFile.Prefix + "model.layers.1.self_attn.q_proj.lora_B.weight");
        AdapterShapeException error = Should.Throw<AdapterShapeException>(() => Load(file));
        error.Tensor.ShouldBe(LoraFile.Prefix + "model.layers.1.self_attn.q_proj.lora_B.weight");
        error.Message.ShouldContain("missing");
    }

    [Fact]
    public void Load_TensorsOfAModuleThatIsNotTargeted_NamesThem() =>
        Should.Throw<AdapterShapeException>(() => Load(File().Adapt("model.layers.0.mlp.up_proj", 2))).Message.ShouldContain("up_proj.lora_A.weight");

    [Fact]
    public void Load_MagnitudesWithoutDora_AreLeftOver()
    {
        LoraFile file = File(("use_dora", true));
        file.Config["use_dora"] = false;
        Should.Throw<AdapterShapeException>(() => Load(file)).Message.ShouldContain("lora_magnitude_vector");
    }

    [Fact]
    public void Load_TrainedBiasesThatAreMissing_AreNotReplacedByTheBases()
    {
        ReferenceLlama biased = ReferenceLlama.Random(s_model.Shape.Sizes with { AttentionBias = true }, 1);
        LoraFile file = File(("bias", "lora_only"));
        Should.Throw<AdapterShapeException>(() => new LoraMethod().Load(file.Package, biased.Shape)).Tensor
            .ShouldBe(LoraFile.Prefix + "model.layers.0.self_attn.q_proj.base_layer.bias");
    }

    [Fact]
    public void Load_TrainedBiasesOfABaseWithout_AreNothing() => Load(File(("bias", "all"))).BuildEffects(s_model).Count.ShouldBe(2);

    [Fact]
    public void Load_TargetsOfAnotherArchitecture_MatchNothing()
    {
        AdapterMatchesNothingException error = Should.Throw<AdapterMatchesNothingException>(() => Load(File(("target_modules", new[] { "c_attn", "query_key_value" }))));
        error.Message.ShouldContain("c_attn, query_key_value");
        error.Message.ShouldContain("model.embed_tokens");
    }

    private static LoraFile File(params (string Key, object? Value)[] options)
    {
        LoraFile file = new(s_model) { Config = { ["r"] = 2, ["target_modules"] = new[] { "q_proj" } } };
        foreach ((string key, object? value) in options)
        {
            file.Config[key] = value;
        }

        return file.Adapt("model.layers.0.self_attn.q_proj", 2).Adapt("model.layers.1.self_attn.q_proj", 2);
    }

    private static PeftModule Load(LoraFile file) => Load(file.Package);

    private static PeftModule Load(AdapterPackage package) => new LoraMethod().Load(package, s_model.Shape);

    private static string Refused(params (string Key, object? Value)[] options) =>
        Should.Throw<AdapterOptionException>(() => Load(File(options))).Message;
}
