using SkPeft.Peft.PrefixTuning;
using SkPeft.PeftPlugins.Tests.Identity;
using SkPeft.PeftPlugins.Tests.Training;
using SkPeft.Tensors.Training;
using SkPeft.Testing;

namespace SkPeft.PeftPlugins.Tests.PrefixTuning;

public sealed class PrefixStartTests
{
    private static readonly PrefixTuningMethod s_method = new();

    private static readonly ReferenceLlama s_model = ReferenceLlama.Random(
        new ModelSizes { Layers = 2, HiddenSize = 6, Heads = 4, KeyValueHeads = 2, HeadDim = 4, IntermediateSize = 8, VocabularySize = 97 }, 4);

    /// <summary>E6 as a start: the first step is the base with those words in its context.</summary>
    [Theory]
    [MemberData(nameof(Runners.All), MemberType = typeof(Runners))]
    public async Task Training_StartedFromAText_BeginsWithThoseWordsInTheContext(string runner, string kind)
    {
        using IModelRunner model = Runners.Create(runner, kind);
        ReferenceLlama reference = Runners.Base(kind);
        int[] once = [.. new ReferenceProbe(reference).Tokenize("a few words")];
        int[] words = [.. once, once[0], once[1]];
        int[] text = Runners.Ids(2, 9, reference.Shape.Sizes);

        PeftTraining training = s_method.BeginTraining(Requests.Of(reference, """{ "peft_type": "PREFIX_TUNING", "num_virtual_tokens": 5 }""", """{ "text": "a few words" }"""));

        Tensor prefixed = await model.LogitsAsync(text, text.Length, training.BuildEffects(model.Base, 0));
        prefixed.ShouldBeLogits((await model.LogitsAsync([.. words, .. text], words.Length + text.Length, [])).Rows(words.Length, text.Length));
    }

    /// <summary>The same identity, for words that are drawn: a draw from one entry of the vocabulary is known beforehand.</summary>
    [Theory]
    [MemberData(nameof(Runners.All), MemberType = typeof(Runners))]
    public async Task Training_StartedFromTheVocabulary_BeginsWithItsTokensInTheContext(string runner, string kind)
    {
        using IModelRunner model = Runners.Create(runner, kind);
        ReferenceLlama reference = Runners.Base(kind);
        int[] text = Runners.Ids(2, 9, reference.Shape.Sizes);

        PeftTraining training = s_method.BeginTraining(Requests.Of(
            reference, """{ "peft_type": "PREFIX_TUNING", "num_virtual_tokens": 3 }""", """{ "init": "sample_vocab", "vocabulary_size": 1 }"""));

        Tensor prefixed = await model.LogitsAsync(text, text.Length, training.BuildEffects(model.Base, 0));
        prefixed.ShouldBeLogits((await model.LogitsAsync([0, 0, 0, .. text], 3 + text.Length, [])).Rows(3, text.Length));
    }

    /// <summary>The values of the first layer tell the token: they do not depend on its place.</summary>
    [Fact]
    public void BeginTraining_FromTheVocabulary_DrawsDifferentTokensBySeed()
    {
        ReferenceProbe probe = new(s_model);
        float[] values = [.. Enumerable.Range(0, 97).SelectMany(id => probe.KeysAndValues([id])[0].Values.Data.ToArray())];
        int[] Drawn(int seed)
        {
            TrainingRequest request = Requests.Of(s_model, """{ "peft_type": "PREFIX_TUNING" }""", """{ "init": "sample_vocab" }""") with { Random = new Random(seed) };
            KeyValuePrefixEffect first = (KeyValuePrefixEffect)s_method.BeginTraining(request).BuildEffects(s_model, 0)[0];
            return [.. Enumerable.Range(0, 10).Select(i => Nearest(first.Values.Data.Slice(i * 8, 8).ToArray()))];
        }

        int Nearest(float[] row) => Enumerable.Range(0, 97).MinBy(id => row.Select((v, k) => Math.Abs(v - values[(id * 8) + k])).Sum());

        int[] drawn = Drawn(1);
        drawn.Distinct().Count().ShouldBeGreaterThan(5);
        Drawn(1).ShouldBe(drawn);
        Drawn(2).ShouldNotBe(drawn);
        drawn.ShouldBe(StartWords.Sample(Requests.Of(s_model, """{ "peft_type": "PREFIX_TUNING" }""") with { Random = new Random(1) }, 10));
    }

    [Fact]
    public void BeginTraining_WithoutAWord_DrawsTenTokensForTheKeyValueHeads()
    {
        PeftTraining training = Begin("\"num_layers\": 2");

        training.Parameters.ShouldHaveSingleItem().Value.ShapeText.ShouldBe("[10, 32]");
        Math.Sqrt(training.Parameters[0].Value.Data.ToArray().Average(v => v * v)).ShouldBe(1, 0.2);
        AdapterPackage exported = training.Export().ShouldHaveSingleItem();
        exported.Config.GetProperty("token_dim").GetInt32().ShouldBe(8);
        exported.Config.GetProperty("num_attention_heads").GetInt32().ShouldBe(2);
        exported.Config.GetProperty("encoder_hidden_size").GetInt32().ShouldBe(8);
    }

    [Theory]
    [InlineData("\"init_weights\": \"zero\"", null)]
    [InlineData("\"num_layers\": 2", """{ "init": "zero" }""")]
    [InlineData("\"init_weights\": \"zero\", \"prefix_projection\": true", null)]
    public void BeginTraining_FromZero_IsAPrefixOfZeros(string config, string? start) =>
        Begin(config, start).BuildEffects(s_model, 0).Cast<KeyValuePrefixEffect>()
            .SelectMany(e => e.Keys.Data.ToArray().Concat(e.Values.Data.ToArray())).ShouldAllBe(v => v == 0);

    [Fact]
    public void Export_OfAProjection_IsThePrefixAlone()
    {
        PeftTraining training = Begin("\"prefix_projection\": true, \"encoder_hidden_size\": 5");

        training.Parameters.Select(p => p.Value.ShapeText).ShouldBe(["[10, 8]", "[5, 8]", "[5]", "[32, 5]", "[32]"]);
        AdapterPackage exported = training.Export().ShouldHaveSingleItem();
        exported.Tensors.ShouldHaveSingleItem().Value.ShapeText.ShouldBe("[10, 32]");
        KeyValuePrefixEffect served = (KeyValuePrefixEffect)s_method.Load(exported, s_model.Shape).BuildEffects(s_model)[1];
        served.Values.Data.ToArray().ShouldBe(((KeyValuePrefixEffect)training.BuildEffects(s_model, 0)[1]).Values.Data.ToArray());
    }

    [Theory]
    [InlineData("\"num_layers\": 2", """{ "init": "text" }""", "start.text is missing")]
    [InlineData("\"num_layers\": 2", """{ "init": "zero", "text": "a" }""", "goes with text only")]
    [InlineData("\"num_layers\": 2", """{ "text": "" }""", "start.text is ''")]
    [InlineData("\"num_layers\": 2", """{ "init": "text", "text": " \n" }""", "a text without words")]
    [InlineData("\"num_layers\": 2", """{ "init": "mean" }""", "is mean")]
    [InlineData("\"init_weights\": \"ones\"", null, "is ones")]
    [InlineData("\"prefix_projection\": true", """{ "text": "words" }""", "prefix_projection is true")]
    [InlineData("\"prefix_projection\": true", """{ "init": "sample_vocab" }""", "start.init is sample_vocab and prefix_projection is true")]
    [InlineData("\"num_layers\": 2", """{ "vocabulary_size": 5 }""", "goes with sample_vocab")]
    [InlineData("\"num_layers\": 2", """{ "init": "sample_vocab", "vocabulary_size": -1 }""", "start.vocabulary_size is -1")]
    [InlineData("\"prefix_projection\": true, \"encoder_hidden_size\": -1", null, "encoder_hidden_size is -1")]
    [InlineData("\"num_layers\": 2", """{ "labels": ["a"] }""", "start.labels")]
    public void BeginTraining_AStartThatCannotBe_IsNamed(string config, string? start, string named) =>
        Should.Throw<AdapterOptionException>(() => Begin(config, start)).Message.ShouldContain(named);

    private static PeftTraining Begin(string config, string? start = null) =>
        s_method.BeginTraining(Requests.Of(s_model, $$"""{ "peft_type": "PREFIX_TUNING", {{config}} }""", start));
}
