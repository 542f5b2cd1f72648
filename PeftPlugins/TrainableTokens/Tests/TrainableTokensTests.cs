using SkPeft.Peft.TrainableTokens;
using SkPeft.PeftPlugins.Tests.Identity;
using SkPeft.PeftPlugins.Tests.Training;
using SkPeft.Testing;

namespace SkPeft.PeftPlugins.Tests.TrainableTokens;

/// <summary>New rows against the same rows put into the tables.</summary>
public sealed class TrainableTokensTests
{
    private const string Embedding = "base_model.model.model.embed_tokens.trainable_tokens_delta";
    private const string Head = "base_model.model.lm_head.trainable_tokens_delta";

    private static readonly ModelSizes s_sizes = new()
    {
        Layers = 1, HiddenSize = 8, Heads = 4, KeyValueHeads = 2, HeadDim = 6, IntermediateSize = 12, VocabularySize = 16,
    };

    // 15 and 2 stand in the text of the identity tests, 11 does not.
    private static readonly int[] s_tokens = [15, 11, 2];
    private static readonly ReferenceLlama s_plain = ReferenceLlama.Random(s_sizes, 4);
    private static readonly ReferenceLlama s_tied = ReferenceLlama.Random(s_sizes with { TiedEmbeddings = true }, 5);
    private static readonly TrainableTokensMethod s_method = new();

    [Theory]
    [InlineData("\"model.embed_tokens\"", true, false)]
    [InlineData("[\"lm_head\"]", false, true)]
    [InlineData("[\"embed_tokens\", \"lm_head\"]", true, true)]
    [InlineData("null", true, false)]
    public async Task BuildEffects_RowsOfThisTable_EqualAModelWithThem(string targets, bool embedding, bool head)
    {
        Tensor inEmbedding = Rows(1);
        Tensor inHead = Rows(2);
        Dictionary<string, Tensor> tensors = [];
        ReferenceLlama expected = s_plain;
        if (embedding)
        {
            tensors[Embedding] = inEmbedding;
            expected = With(expected, "model.embed_tokens", inEmbedding);
        }

        if (head)
        {
            tensors[Head] = inHead;
            expected = With(expected, "lm_head", inHead);
        }

        await s_method.ShouldServe(AdapterFolder.Make(Config(targets), tensors), s_plain, expected);
    }

    [Theory]
    [InlineData("[\"embed_tokens\"]", false)]
    [InlineData("[\"embed_tokens\"]", true)]
    [InlineData("[\"embed_tokens\", \"lm_head\"]", true)]
    public async Task BuildEffects_EmbeddingOfATiedBase_ChangesTheHeadToo(string targets, bool withCopy)
    {
        Tensor rows = Rows(1);
        Dictionary<string, Tensor> tensors = new() { [Embedding] = rows };
        if (withCopy)
        {
            tensors[Head] = rows;
        }

        await s_method.ShouldServe(
            AdapterFolder.Make(Config(targets), tensors), s_tied, With(With(s_tied, "model.embed_tokens", rows), "lm_head", rows));
    }

    [Fact]
    public async Task BuildEffects_HeadOfATiedBase_ChangesTheHeadOnly() =>
        await s_method.ShouldServe(AdapterFolder.Make(Config("[\"lm_head\"]"), new Dictionary<string, Tensor> { [Head] = Rows(1) }), s_tied, With(s_tied, "lm_head", Rows(1)));

    [Fact]
    public void Load_ACopyThatDiffers_IsRefused() =>
        Should.Throw<AdapterShapeException>(() => s_method.Load(
            AdapterFolder.Make(Config("null"), new Dictionary<string, Tensor> { [Embedding] = Rows(1), [Head] = Rows(2) }), s_tied.Shape)).Tensor.ShouldBe(Head);

    [Theory]
    [InlineData("""{ "peft_type": "TRAINABLE_TOKENS" }""", "token_indices is empty")]
    [InlineData("""{ "peft_type": "TRAINABLE_TOKENS", "token_indices": [16] }""", "0 to 15")]
    [InlineData("""{ "peft_type": "TRAINABLE_TOKENS", "token_indices": [-1] }""", "-1")]
    [InlineData("""{ "peft_type": "TRAINABLE_TOKENS", "token_indices": [3, 4, 3] }""", "3 more than once")]
    [InlineData("""{ "peft_type": "TRAINABLE_TOKENS", "token_indices": [3], "target_modules": ["q_proj"] }""", "q_proj")]
    public void Load_WhatIsNotSupported_IsNamed(string config, string named) =>
        Should.Throw<AdapterOptionException>(() => s_method.Load(AdapterFolder.Make(config, new Dictionary<string, Tensor>()), s_plain.Shape)).Message.ShouldContain(named);

    [Fact]
    public void BeginTraining_StartsAsTheBase_AndSavesTheCopyOfATiedHead()
    {
        PeftTraining training = s_method.BeginTraining(Requests.Of(s_tied, Config("null")));

        training.Parameters.Select(p => p.Name).ShouldBe([Embedding + ".default"]);
        training.Parameters[0].Decays.ShouldBeFalse();
        training.ShouldStartAsTheBase(s_tied);
        AdapterPackage saved = training.Export()[0];
        saved.Tensors.Keys.Order(StringComparer.Ordinal).ShouldBe([Head, Embedding]);
        s_method.Load(saved, s_tied.Shape).MatchedModules.ShouldBe(["model.embed_tokens", "lm_head"]);
    }

    [Fact]
    public void BeginTraining_AFileWithoutTheCopy_IsSavedWithoutIt()
    {
        AdapterPackage came = AdapterFolder.Make(Config("null"), new Dictionary<string, Tensor> { [Embedding] = Rows(1) });
        s_method.BeginTraining(Requests.Of(s_tied, came)).Export()[0].Tensors.Keys.ShouldBe([Embedding]);
    }

    private static string Config(string targets) => $$"""{ "peft_type": "TRAINABLE_TOKENS", "token_indices": [15, 11, 2], "target_modules": {{targets}} }""";

    private static Tensor Rows(int seed) => RandomTensors.Normal(new Random(seed), 1, s_tokens.Length, 8);

    private static ReferenceLlama With(ReferenceLlama model, string module, Tensor rows)
    {
        Tensor table = model.Weight(module);
        for (int i = 0; i < s_tokens.Length; i++)
        {
            rows.Row(i).CopyTo(table.Row(s_tokens[i]));
        }

        // "With" separates embedding and head of a tied model; here both are wanted as they are put.
        return model.With(module + ".weight", table);
    }
}
