using SkPeft.Peft.PromptTuning;
using SkPeft.Tensors.SelfTests;

namespace SkPeft.PeftPlugins.Tests.PromptTuning;

public sealed class PromptTuningTests
{
    private const string Config = """
        { "peft_type": "PROMPT_TUNING", "task_type": "CAUSAL_LM", "num_virtual_tokens": 2, "token_dim": 4, "num_layers": 3, "num_attention_heads": 2,
          "num_transformer_submodules": 1, "prompt_tuning_init": "TEXT", "prompt_tuning_init_text": "Classify", "tokenizer_name_or_path": "x",
          "tokenizer_kwargs": { "trust_remote_code": true }, "inference_mode": true, "peft_version": "0.21.2", "modules_to_save": null }
        """;

    private static readonly ModelShape s_shape = new(new ModelSizes
    {
        Layers = 3, HiddenSize = 4, Heads = 2, KeyValueHeads = 1, HeadDim = 2, IntermediateSize = 8, VocabularySize = 5,
    });

    private static readonly PromptTuningMethod s_method = new();

    [Fact]
    public void SelfTest_OfTheShippedMethod_Passes() => s_method.SelfTest();

    [Fact]
    public void BuildEffects_OfASavedPrompt_PutsItsRowsInFront()
    {
        Tensor table = Tensor.From([1, 2, 3, 4, 5, 6, 7, 8], 2, 4);

        PeftModule module = s_method.Load(SelfCheck.Adapter(Config, ("prompt_embeddings", table)), s_shape);

        module.MatchedModules.ShouldBe(["model.embed_tokens"]);
        PromptEmbeddingsEffect effect = module.BuildEffects(new TinyBase(s_shape.Sizes)).ShouldHaveSingleItem().ShouldBeOfType<PromptEmbeddingsEffect>();
        effect.Embeddings.ShapeText.ShouldBe("[2, 4]");
        effect.Embeddings.Data.ToArray().ShouldBe(table.Data.ToArray());
    }

    [Theory]
    [InlineData("\"num_virtual_tokens\": 2", "\"num_virtual_tokens\": 0", "num_virtual_tokens is 0")]
    [InlineData("\"num_virtual_tokens\": 2,", "", "num_virtual_tokens is 0")]
    [InlineData("\"num_transformer_submodules\": 1", "\"num_transformer_submodules\": 2", "num_transformer_submodules is 2")]
    [InlineData("\"CAUSAL_LM\"", "\"SEQ_CLS\"", "SEQ_CLS")]
    [InlineData("\"modules_to_save\": null", "\"modules_to_save\": [\"lm_head\"]", "modules_to_save")]
    [InlineData("\"inference_mode\"", "\"some_new_option\": 7, \"inference_mode\"", "some_new_option is 7")]
    public void Load_AnOptionThatCannotBeServed_NamesIt(string from, string to, string named)
    {
        string config = Config.Replace(from, to, StringComparison.Ordinal);
        config.ShouldNotBe(Config);

        AdapterOptionException error = Should.Throw<AdapterOptionException>(() => s_method.Load(SelfCheck.Adapter(config, ("prompt_embeddings", new Tensor(2, 4))), s_shape));

        error.Message.ShouldContain(named);
    }

    [Fact]
    public void Load_SeveralOptionsThatCannotBeServed_NamesAllOfThem()
    {
        string config = """{ "peft_type": "PROMPT_TUNING", "task_type": "SEQ_CLS", "num_transformer_submodules": 2, "odd": true }""";

        Should.Throw<AdapterOptionException>(() => s_method.Load(SelfCheck.Adapter(config), s_shape)).Problems.Count.ShouldBe(4);
    }

    [Fact]
    public void Load_ATableOfAnotherShape_NamesBothShapes()
    {
        string message = Should.Throw<AdapterShapeException>(() => s_method.Load(SelfCheck.Adapter(Config, ("prompt_embeddings", new Tensor(2, 8))), s_shape)).Message;

        message.ShouldContain("[2, 8]");
        message.ShouldContain("[2, 4]");
        Should.Throw<AdapterShapeException>(() => s_method.Load(SelfCheck.Adapter(Config, ("prompt_embeddings", new Tensor(3, 4))), s_shape));
        Should.Throw<AdapterShapeException>(() => s_method.Load(SelfCheck.Adapter(Config), s_shape)).Message.ShouldContain("missing");
    }

    [Fact]
    public void Load_ATensorTooMany_NamesIt() =>
        Should.Throw<AdapterShapeException>(() => s_method.Load(
            SelfCheck.Adapter(Config, ("prompt_embeddings", new Tensor(2, 4)), ("prompt_encoder.weight", new Tensor(2, 4))), s_shape))
            .Message.ShouldContain("prompt_encoder.weight");

    [Fact]
    public void Load_AValueThatIsNotFinite_IsRefused() =>
        Should.Throw<AdapterShapeException>(() => s_method.Load(
            SelfCheck.Adapter(Config, ("prompt_embeddings", Tensor.From([0, 0, 0, 0, 0, float.NaN, 0, 0], 2, 4))), s_shape))
            .Message.ShouldContain("NaN");

    [Fact]
    public void Load_MadeForMoreLayers_SaysWhichBaseItWasMadeFor()
    {
        string config = Config.Replace("\"num_layers\": 3", "\"num_layers\": 30", StringComparison.Ordinal);

        AdapterBaseMismatchException error = Should.Throw<AdapterBaseMismatchException>(() =>
            s_method.Load(SelfCheck.Adapter(config, ("prompt_embeddings", new Tensor(2, 4))), s_shape));

        error.What.ShouldBe("num_layers");
        error.Message.ShouldContain("30");
    }
}
