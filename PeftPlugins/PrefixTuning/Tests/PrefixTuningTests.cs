using SkPeft.Peft.PrefixTuning;
using SkPeft.Tensors.SelfTests;

namespace SkPeft.PeftPlugins.Tests.PrefixTuning;

public sealed class PrefixTuningTests
{
    // Grouped queries: 4 query heads of 6 on a hidden size of 16, 2 key-value heads. Every width is another number.
    private static readonly ModelSizes s_sizes = new()
    {
        Layers = 3, HiddenSize = 16, Heads = 4, KeyValueHeads = 2, HeadDim = 6, IntermediateSize = 8, VocabularySize = 5,
    };

    private static readonly PrefixTuningMethod s_method = new();

    [Fact]
    public void SelfTest_OfTheShippedMethod_Passes() => s_method.SelfTest();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void BuildEffects_OfASavedPrefix_AlternatesKeysAndValues(bool projection)
    {
        Tensor table = new(5, 3 * 2 * 12);
        for (int i = 0; i < table.Length; i++)
        {
            table.Data[i] = i;
        }

        string config = $$"""{ "peft_type": "PREFIX_TUNING", "num_virtual_tokens": 5, "token_dim": 12, "num_attention_heads": 2, "num_layers": 3, "prefix_projection": {{(projection ? "true" : "false")}}, "encoder_hidden_size": 48, "init_weights": "zero" }""";
        PeftModule module = s_method.Load(SelfCheck.Adapter(config, ("prompt_embeddings", table)), new ModelShape(s_sizes));

        module.MatchedModules.ShouldBe(["model.layers.0.self_attn", "model.layers.1.self_attn", "model.layers.2.self_attn"]);
        IReadOnlyList<Effect> effects = module.BuildEffects(new TinyBase(s_sizes));
        effects.Count.ShouldBe(3);
        for (int layer = 0; layer < 3; layer++)
        {
            KeyValuePrefixEffect effect = effects[layer].ShouldBeOfType<KeyValuePrefixEffect>();
            effect.Layer.ShouldBe(layer);
            effect.Keys.ShapeText.ShouldBe("[5, 12]");
            for (int row = 0; row < 5; row++)
            {
                effect.Keys.Row(row).ToArray().ShouldBe(Enumerable.Range((row * 72) + (layer * 24), 12).Select(v => (float)v));
                effect.Values.Row(row).ToArray().ShouldBe(Enumerable.Range((row * 72) + (layer * 24) + 12, 12).Select(v => (float)v));
            }
        }
    }

    [Theory]
    [InlineData(16)] // hidden
    [InlineData(24)] // query heads
    public void Load_AFullWidthPrefixOnGroupedQueries_SaysWhyWithBothShapes(int width)
    {
        string config = $$"""{ "peft_type": "PREFIX_TUNING", "num_virtual_tokens": 5, "token_dim": {{width}}, "num_attention_heads": 4, "num_layers": 3 }""";

        string message = Should.Throw<AdapterShapeException>(() => Load(config, 5, 6 * width)).Message;

        message.ShouldContain($"[5, {6 * width}]");
        message.ShouldContain("[5, 72]");
        message.ShouldContain("PEFT before 0.12");
    }

    [Fact]
    public void Load_AHeadSizeComputedFromTheHiddenSize_SaysWhy()
    {
        // 16 / 4 · 2 = 8, as PEFT 0.12 to 0.17 computed it.
        string message = Should.Throw<AdapterShapeException>(() => Load("""{ "peft_type": "PREFIX_TUNING", "num_virtual_tokens": 5, "token_dim": 8 }""", 5, 48)).Message;

        message.ShouldContain("[5, 48]");
        message.ShouldContain("PEFT before 0.18");
    }

    [Fact]
    public void Load_AFullWidthPrefixWithoutGroups_IsServed()
    {
        ModelShape shape = new(s_sizes with { KeyValueHeads = 4 });
        string config = """{ "peft_type": "PREFIX_TUNING", "num_virtual_tokens": 5, "token_dim": 24, "num_attention_heads": 4, "num_layers": 3 }""";

        PeftModule module = s_method.Load(SelfCheck.Adapter(config, ("prompt_embeddings", new Tensor(5, 144))), shape);

        module.BuildEffects(new TinyBase(shape.Sizes)).Count.ShouldBe(3);
    }

    [Theory]
    [InlineData("num_layers", 6)]
    [InlineData("num_attention_heads", 4)]
    [InlineData("token_dim", 6)]
    public void Load_ATableThatFitsByChance_IsRefusedByWhatTheFileSays(string key, int value)
    {
        string config = $$"""{ "peft_type": "PREFIX_TUNING", "num_virtual_tokens": 5, "{{key}}": {{value}} }""";

        Should.Throw<AdapterBaseMismatchException>(() => Load(config, 5, 72)).What.ShouldBe(key);
    }

    [Fact]
    public void Load_AnyOtherShape_IsAShapeError()
    {
        string config = """{ "peft_type": "PREFIX_TUNING", "num_virtual_tokens": 5 }""";

        Should.Throw<AdapterShapeException>(() => Load(config, 5, 71)).Message.ShouldContain("[5, 72]");
        Should.Throw<AdapterShapeException>(() => Load(config, 4, 72)).Message.ShouldContain("[5, 72]");
    }

    private static PeftModule Load(string config, params int[] shape) =>
        s_method.Load(SelfCheck.Adapter(config, ("prompt_embeddings", new Tensor(shape))), new ModelShape(s_sizes));
}
