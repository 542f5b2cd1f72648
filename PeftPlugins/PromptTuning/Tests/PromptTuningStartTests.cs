using SkPeft.Peft.PromptTuning;
using SkPeft.PeftPlugins.Tests.Identity;
using SkPeft.PeftPlugins.Tests.Training;
using SkPeft.Testing;

namespace SkPeft.PeftPlugins.Tests.PromptTuning;

public sealed class PromptTuningStartTests
{
    private const string Parameter = "prompt_encoder.default.embedding.weight";

    private static readonly ReferenceLlama s_model = ReferenceLlama.Random(
        new ModelSizes { Layers = 1, HiddenSize = 6, Heads = 2, KeyValueHeads = 1, HeadDim = 4, IntermediateSize = 8, VocabularySize = 97 }, 4);

    private static readonly PromptTuningMethod s_method = new();

    [Fact]
    public void BeginTraining_WithoutAWord_DrawsTwentyTokensAsTorchDoes()
    {
        PeftTraining training = Begin(null);

        TrainingParameter parameter = training.Parameters.ShouldHaveSingleItem();
        (parameter.Name, parameter.Group, parameter.Decays, parameter.RateFactor).ShouldBe((Parameter, TrainingParameter.DefaultGroup, true, 1));
        double[] values = [.. parameter.Value.Data.ToArray().Select(v => (double)v)];
        parameter.Value.ShapeText.ShouldBe("[20, 6]");
        values.Average().ShouldBe(0, 0.3);
        Math.Sqrt(values.Average(v => v * v)).ShouldBe(1, 0.2);
        Begin(null).Value(Parameter).Data.ToArray().ShouldBe(training.Value(Parameter).Data.ToArray(), "the same seed");
        AdapterPackage exported = training.Export().ShouldHaveSingleItem();
        exported.Tensors.Keys.ShouldBe(["prompt_embeddings"]);
        foreach ((string key, string value) in new[]
        {
            ("num_virtual_tokens", "20"), ("token_dim", "6"), ("num_layers", "1"), ("num_attention_heads", "2"), ("num_transformer_submodules", "1"),
            ("inference_mode", "true"), ("task_type", "\"CAUSAL_LM\""), ("prompt_tuning_init", "\"RANDOM\""),
        })
        {
            exported.Config.GetProperty(key).GetRawText().ShouldBe(value, key);
        }
    }

    [Fact]
    public void BeginTraining_WithTheVocabularysDeviation_HasIt()
    {
        double Size(float[] values) => Math.Sqrt(values.Average(v => (double)v * v));
        ReferenceLlama small = s_model.With("model.embed_tokens.weight", RandomTensors.Normal(new Random(2), 0.03, 97, 6));

        Size(s_method.BeginTraining(Requests.Of(small, """{ "peft_type": "PROMPT_TUNING", "num_virtual_tokens": 60 }""", """{ "vocab_std": true }"""))
            .Value(Parameter).Data.ToArray()).ShouldBe(0.03, 0.004);
    }

    [Theory]
    [InlineData(null, 97)]
    [InlineData(5, 5)]
    public void BeginTraining_FromTheVocabulary_TakesEmbeddingsOfItsFirstTokens(int? first, int allowed)
    {
        string size = first is null ? "" : $", \"vocabulary_size\": {first}";
        Tensor prompt = Begin($$"""{ "init": "sample_vocab"{{size}} }""").Value(Parameter);

        int[] ids = [.. Enumerable.Range(0, 20).Select(i => TokenOf(prompt.Row(i).ToArray()))];
        ids.ShouldAllBe(id => id >= 0 && id < allowed);
        ids.Distinct().Count().ShouldBeGreaterThan(2);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(8)]
    public void BeginTraining_FromAText_TilesOrCutsItsTokens(int tokens)
    {
        ReferenceProbe probe = new(s_model);
        int[] words = [.. probe.Tokenize("one two three")];

        Tensor prompt = Begin("""{ "text": "one two three" }""", $"\"num_virtual_tokens\": {tokens}").Value(Parameter);

        Enumerable.Range(0, tokens).Select(i => TokenOf(prompt.Row(i).ToArray())).ShouldBe(Enumerable.Range(0, tokens).Select(i => words[i % 3]));
    }

    [Fact]
    public void BeginTraining_FromTheConfigurationsText_BeginsAsHuggingFaceDoesWithTheOpeningToken()
    {
        string config = """{ "peft_type": "PROMPT_TUNING", "num_virtual_tokens": 5, "prompt_tuning_init": "TEXT", "prompt_tuning_init_text": "one two", "tokenizer_name_or_path": "x" }""";
        TrainingRequest request = Requests.Of(s_model, config) with { Probe = new ReferenceProbe(s_model) { OpeningId = 1 } };
        int[] words = [.. request.Probe.Tokenize("one two")];

        int[] Ids(TrainingRequest r) => [.. Enumerable.Range(0, 5).Select(i => TokenOf(s_method.BeginTraining(r).Value(Parameter).Row(i).ToArray()))];

        Ids(request).ShouldBe([1, .. words, 1, words[0]]);
        Ids(request with { Start = Requests.Of(s_model, config, """{ "special_tokens": false }""").Start }).ShouldBe([.. words, .. words, words[0]]);
    }

    [Fact]
    public void BeginTraining_FromLabels_TakesTheMeanOfEachLabelAndSampledWordsForTheRest()
    {
        ReferenceProbe probe = new(s_model);
        Tensor prompt = Begin("""{ "labels": ["good", "not good"] }""", "\"num_virtual_tokens\": 4").Value(Parameter);

        TokenOf(prompt.Row(0).ToArray()).ShouldBe(probe.Tokenize("good")[0]);
        Tensor words = probe.Embeddings(probe.Tokenize("not good"));
        prompt.Row(1).ToArray().Zip(words.Row(0).ToArray(), words.Row(1).ToArray()).ShouldAllBe(v => Math.Abs(v.First - ((v.Second + v.Third) / 2)) < 1e-6);
        TokenOf(prompt.Row(2).ToArray()).ShouldBeGreaterThanOrEqualTo(0);
        TokenOf(prompt.Row(3).ToArray()).ShouldBeGreaterThanOrEqualTo(0);
    }

    [Theory]
    [InlineData("""{ "init": "text" }""", "start.text is missing")]
    [InlineData("""{ "text": "" }""", "start.text is '', a text without words; give the words")]
    [InlineData("""{ "text": " \t" }""", "a text without words")]
    [InlineData("""{ "init": "text", "text": "" }""", "start.text is ''")]
    [InlineData("""{ "init": "labels" }""", "start.labels is missing")]
    [InlineData("""{ "labels": ["good", ""] }""", "start.labels has ''")]
    [InlineData("""{ "init": "zero" }""", "start.init is zero")]
    [InlineData("""{ "init": "random", "text": "a" }""", "goes with text only")]
    [InlineData("""{ "vocabulary_size": -1 }""", "start.vocabulary_size is -1")]
    [InlineData("""{ "scale": 0 }""", "start.scale is 0")]
    public void BeginTraining_AStartThatIsNotKnown_IsNamed(string start, string named) =>
        Should.Throw<AdapterOptionException>(() => Begin(start)).Message.ShouldContain(named);

    /// <summary>The text counts where it is asked for only: PEFT writes the key whatever the start was.</summary>
    [Fact]
    public void BeginTraining_FromTheConfigurationsTextWithoutWords_IsNamed()
    {
        foreach (string blank in new[] { "", "  " })
        {
            string Config(string init) => $"\"prompt_tuning_init\": \"{init}\", \"prompt_tuning_init_text\": \"{blank}\"";

            AdapterOptionException error = Should.Throw<AdapterOptionException>(() => Begin(null, Config("TEXT")));

            error.Problems.ShouldHaveSingleItem().ShouldContain($"prompt_tuning_init_text is '{blank}'");
            Begin(null, Config("RANDOM")).Value(Parameter).ShapeText.ShouldBe("[20, 6]");
            Should.Throw<AdapterOptionException>(() => Begin(null, "\"prompt_tuning_init\": \"TEXT\"")).Message.ShouldContain("prompt_tuning_init_text is missing");
            TokenOf(Begin("""{ "text": "one" }""", Config("TEXT")).Value(Parameter).Row(0).ToArray()).ShouldBe(new ReferenceProbe(s_model).Tokenize("one")[0]);
        }
    }

    [Theory]
    [MemberData(nameof(Runners.All), MemberType = typeof(Runners))]
    public async Task Training_StartedFromAText_BeginsWithThoseWordsInTheContext(string runner, string kind)
    {
        using IModelRunner model = Runners.Create(runner, kind);
        ReferenceLlama reference = Runners.Base(kind);
        int[] words = [.. new ReferenceProbe(reference).Tokenize("a few real words")];
        int[] text = Runners.Ids(2, 9, reference.Shape.Sizes);

        PeftTraining training = s_method.BeginTraining(Requests.Of(reference, """{ "peft_type": "PROMPT_TUNING", "num_virtual_tokens": 4 }""", """{ "text": "a few real words" }"""));

        Tensor prompted = await model.LogitsAsync(text, text.Length, training.BuildEffects(model.Base, 0));
        prompted.ShouldBeLogits((await model.LogitsAsync([.. words, .. text], words.Length + text.Length, [])).Rows(words.Length, text.Length));
    }

    private static PeftTraining Begin(string? start, string more = "\"num_layers\": 1") =>
        s_method.BeginTraining(Requests.Of(s_model, $$"""{ "peft_type": "PROMPT_TUNING", {{more}} }""", start));

    private static int TokenOf(float[] row)
    {
        Tensor table = s_model.Weight("model.embed_tokens");
        return Enumerable.Range(0, table[0]).FirstOrDefault(id => table.Row(id).SequenceEqual(row), -1);
    }
}
