using SkPeft.Testing;

namespace SkPeft.PeftPlugins.Tests.Checkpoints;

/// <summary>Which modules a configuration means; expectations are worked out by hand from peft's <c>check_target_module_exists</c>.</summary>
public sealed class TargetModulesTests
{
    private static readonly ModelShape s_shape = new(new ModelSizes
    {
        Layers = 12, HiddenSize = 4, Heads = 2, KeyValueHeads = 1, HeadDim = 2, IntermediateSize = 6, VocabularySize = 8,
    });

    [Fact]
    public void Match_AList_MatchesAtDots()
    {
        // "proj" is the end of seven names, but never after a dot.
        Should.Throw<AdapterMatchesNothingException>(() => Match("""{ "target_modules": ["proj"] }"""));
        Match("""{ "target_modules": ["self_attn.q_proj"] }""").Count.ShouldBe(12);
        Match("""{ "target_modules": ["1.self_attn.q_proj"] }""").ShouldBe(["model.layers.1.self_attn.q_proj"]);
        Match("""{ "target_modules": ["lm_head", "model.layers.3.mlp.up_proj"] }""").ShouldBe(["model.layers.3.mlp.up_proj", "lm_head"]);
    }

    [Fact]
    public void Match_NothingConfigured_TakesTheDefaults() => Match("""{ "target_modules": null }""", "q_proj").Count.ShouldBe(12);

    [Theory]
    [InlineData("all-linear")]
    [InlineData("ALL-Linear")]
    public void Match_AllLinear_IsEveryLinearLayerButTheHead(string text)
    {
        IReadOnlyList<string> matched = Match($$"""{ "target_modules": "{{text}}" }""");
        matched.Count.ShouldBe(7 * 12);
        matched.ShouldNotContain("lm_head");
    }

    [Fact]
    public void Match_AllLinearAsAListEntry_IsAName() =>
        Should.Throw<AdapterMatchesNothingException>(() => Match("""{ "target_modules": ["all-linear"] }"""));

    [Theory]
    [InlineData(@"model\\.layers\\.1\\.mlp\\.up_proj", "model.layers.1.mlp.up_proj")]
    [InlineData(@"(?P<a>model)\\.layers\\.1\\.mlp\\.up_proj", "model.layers.1.mlp.up_proj")]
    [InlineData(@".*(?<!1)[2]\\.mlp\\.up_proj", "model.layers.2.mlp.up_proj")]
    [InlineData(@"^(?!.*lm_head).*\\.1{,1}3\\.mlp\\.up_proj$", "model.layers.3.mlp.up_proj")]
    [InlineData(@".*\\.[]1]\\.mlp\\.up_proj", "model.layers.1.mlp.up_proj")]
    public void Match_APattern_MatchesTheWholeName(string pattern, string expected) => Match($$"""{ "target_modules": "{{pattern}}" }""").ShouldBe([expected]);

    [Theory]
    [InlineData("q_proj")]
    [InlineData("layers")]
    [InlineData("model.layers.0.self_attn.q_pro")]
    [InlineData("MODEL.LAYERS.0.SELF_ATTN.Q_PROJ")]
    public void Match_APatternOfAPart_MatchesNothing(string pattern) =>
        Should.Throw<AdapterMatchesNothingException>(() => Match($$"""{ "target_modules": "{{pattern}}" }""")).Message.ShouldContain(pattern);

    [Theory]
    [InlineData(".*")]
    [InlineData(@".*self_attn.*")]
    [InlineData(@".*\\.mlp")]
    public void Match_APatternThatMeansContainersToo_IsRefused(string pattern) =>
        Should.Throw<AdapterOptionException>(() => Match($$"""{ "target_modules": "{{pattern}}" }""")).Message.ShouldContain("target_modules");

    [Theory]
    [InlineData("(")]
    [InlineData("a)|(b")]
    [InlineData("[z-a]")]
    [InlineData("*")]
    [InlineData("a{2}{3}{")]
    public void Read_APatternThatIsNone_NamesTheKey(string pattern)
    {
        FileFormatException error = Should.Throw<FileFormatException>(() => Match($$"""{ "target_modules": "{{pattern}}x(" }"""));
        error.Field.ShouldBe("target_modules");
    }

    [Fact]
    public void Match_APatternThatExplodes_IsStopped() =>
        Should.Throw<FileFormatException>(() => Match("""{ "target_modules": "(([a-z._0-9])+)+(?=!)!" }""")).Message.ShouldContain("reasonable time");

    [Fact]
    public void Read_APatternOfAbsurdLength_IsRefused() =>
        Should.Throw<FileFormatException>(() => Match($$"""{ "target_modules": "{{new string('a', 20_000)}}" }""")).Message.ShouldContain("20000");

    [Theory]
    [InlineData("""["v_proj", "layers.0.self_attn.q_proj"]""", 11)]
    [InlineData("""  ".*\\.(v_proj|1\\d?\\.self_attn\\.q_proj)" """, 9)]
    public void Match_ExcludedModules_AreNoTargets(string excluded, int left) =>
        Match($$"""{ "target_modules": ["q_proj", "v_proj"], "exclude_modules": {{excluded}} }""").Count.ShouldBe(left);

    [Fact]
    public void Match_EverythingExcluded_MatchesNothing() =>
        Should.Throw<AdapterMatchesNothingException>(() => Match("""{ "target_modules": ["q_proj"], "exclude_modules": ["q_proj"] }""")).Message.ShouldContain("without q_proj");

    [Fact]
    public void Match_ModulesToSave_AreNoTargets()
    {
        Match("""{ "target_modules": ["q_proj", "lm_head"], "modules_to_save": ["lm_head"] }""").ShouldNotContain("lm_head");
        Match("""{ "target_modules": ["q_proj", "up_proj"], "modules_to_save": ["self_attn"] }""").ShouldAllBe(n => n.EndsWith("up_proj", StringComparison.Ordinal));
        Match("""{ "target_modules": ["q_proj"], "modules_to_save": ["layers.1"] }""").Count.ShouldBe(11);
    }

    [Theory]
    [InlineData("[1, 3, 99]", new[] { "model.layers.1.mlp.up_proj", "model.layers.3.mlp.up_proj" })]
    [InlineData("11", new[] { "model.layers.11.mlp.up_proj" })]
    public void Match_ChosenLayers_OnlyThose(string layers, string[] expected) =>
        Match($$"""{ "target_modules": ["up_proj"], "layers_to_transform": {{layers}} }""").ShouldBe(expected);

    [Fact]
    public void Match_ChosenLayers_FullNamesAreNotNarrowed() =>
        Match("""{ "target_modules": ["up_proj", "model.layers.5.mlp.up_proj", "lm_head"], "layers_to_transform": [1] }""")
            .ShouldBe(["model.layers.1.mlp.up_proj", "model.layers.5.mlp.up_proj", "lm_head"]);

    [Theory]
    [InlineData("\"layers\"", 1)]
    [InlineData("[\"h\", \"layers\"]", 1)]
    [InlineData("[]", 1)]
    [InlineData("\"\"", 1)]
    [InlineData("\"lay.*s\"", 1)]
    public void Match_LayersPattern_SaysWhereTheNumberStands(string pattern, int left) =>
        Match($$"""{ "target_modules": ["up_proj"], "layers_to_transform": [4], "layers_pattern": {{pattern}} }""").Count.ShouldBe(left);

    [Fact]
    public void Match_LayersPatternOfAnotherArchitecture_MatchesNothing() =>
        Should.Throw<AdapterMatchesNothingException>(() => Match("""{ "target_modules": ["up_proj"], "layers_to_transform": [4], "layers_pattern": "h" }"""))
            .Message.ShouldContain("in layers 4");

    [Theory]
    [InlineData("""{ "target_modules": ".*up_proj", "layers_to_transform": [1] }""", "layers_to_transform")]
    [InlineData("""{ "target_modules": "all-linear", "layers_to_transform": 1 }""", "layers_to_transform")]
    [InlineData("""{ "target_modules": ["up_proj"], "layers_pattern": "layers" }""", "layers_pattern")]
    public void Read_CombinationsWithoutMeaning_AreRefused(string config, string named) =>
        Should.Throw<AdapterOptionException>(() => Match(config)).Message.ShouldContain(named);

    [Theory]
    [InlineData("""{ "target_modules": 3 }""")]
    [InlineData("""{ "target_modules": ["a", 3] }""")]
    [InlineData("""{ "target_modules": {} }""")]
    [InlineData("""{ "target_modules": ["q_proj"], "layers_to_transform": ["1"] }""")]
    [InlineData("""{ "target_modules": ["q_proj"], "layers_to_transform": 99999999999 }""")]
    [InlineData("""{ "target_modules": ["q_proj"], "exclude_modules": false }""")]
    [InlineData("""{ "target_modules": ["\ud800"] }""")]
    public void Read_AnotherType_IsAFormatError(string config) => Should.Throw<FileFormatException>(() => Match(config));

    private static IReadOnlyList<string> Match(string config, params string[] defaults)
    {
        AdapterPackage package = AdapterFolder.Make(config.Insert(1, "\"peft_type\": \"LORA\", "), new Dictionary<string, Tensor>());
        AdapterConfigReader reader = new(package);
        TargetModules targets = TargetModules.Read(reader, SavedModules.ReadNames(reader), defaults);
        reader.Finish();
        return [.. targets.Match(s_shape, ModuleNames.AsTheyAre(package), ModuleKind.Linear, ModuleKind.Embedding).Select(m => m.Name)];
    }
}
