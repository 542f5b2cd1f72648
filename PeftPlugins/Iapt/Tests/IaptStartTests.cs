using SkPeft.Peft.Iapt;
using SkPeft.PeftPlugins.Tests.Identity;
using SkPeft.PeftPlugins.Tests.Training;
using SkPeft.Tensors.Ops;
using SkPeft.Testing;

namespace SkPeft.PeftPlugins.Tests.Iapt;

public sealed class IaptStartTests
{
    private static readonly IaptMethod s_method = new();

    private static readonly ReferenceLlama s_model = ReferenceLlama.Random(
        new ModelSizes { Layers = 5, HiddenSize = 6, Heads = 4, KeyValueHeads = 2, HeadDim = 4, IntermediateSize = 8, VocabularySize = 97 }, 4);

    [Theory]
    [MemberData(nameof(Runners.All), MemberType = typeof(Runners))]
    public async Task Training_WithoutAWord_BeginsWithRealWordsInTheContext(string runner, string kind)
    {
        using IModelRunner model = Runners.Create(runner, kind);
        ReferenceLlama reference = Runners.Base(kind);
        int[] words = [.. new ReferenceProbe(reference).Tokenize("Read the text and")];
        int[] text = Runners.Ids(2, 9, reference.Shape.Sizes);

        PeftTraining training = s_method.BeginTraining(Requests.Of(reference, """{ "peft_type": "SKPEFT_IAPT", "share_group": 2 }"""));

        Tensor generated = await model.LogitsAsync(text, 6, training.BuildEffects(model.Base, 0));
        generated.ShouldBeLogits((await model.LogitsAsync([.. words, .. text], words.Length + text.Length, [])).Rows(words.Length, text.Length));
    }

    [Fact]
    public void BeginTraining_WithAText_TakesItsWords()
    {
        ReferenceProbe probe = new(s_model);

        PeftTraining training = Begin("\"num_virtual_tokens\": 3", """{ "text": "my own" }""");

        int[] words = [.. probe.Tokenize("my own"), probe.Tokenize("my")[0]];
        training.Value("layers.4.up.bias").Data.ToArray().ShouldBe(probe.HiddenStates(words)[4].Data.ToArray());
        training.Value("groups.0.up.weight").Data.ToArray().ShouldAllBe(v => v == 0);
    }

    [Fact]
    public void BeginTraining_WithoutATokenizer_TakesAnyRealTokens()
    {
        PeftTraining training = s_method.BeginTraining(Requests.Of(s_model, """{ "peft_type": "SKPEFT_IAPT" }""") with { Probe = new ReferenceProbe(s_model) { HasTokenizer = false } });

        Tensor table = s_model.Weight("model.embed_tokens");
        float[] first = training.Value("layers.0.up.bias").Row(0).ToArray();
        Enumerable.Range(0, table[0]).Any(id => table.Row(id).SequenceEqual(first)).ShouldBeTrue();
    }

    [Theory]
    [InlineData("none", null, 21)]
    [InlineData("shared", null, 26)]
    [InlineData("token", """{ "init": "random" }""", 26)]
    public void BeginTraining_FromRandom_DrawsTheProjections(string bias, string? start, int parameters)
    {
        PeftTraining training = Begin($"\"up_bias\": \"{bias}\", \"share_group\": 2, \"bottleneck\": 7, \"num_virtual_tokens\": 3", start);

        training.Parameters.Count.ShouldBe(parameters);
        training.ReadsInstruction.ShouldBeTrue();
        double size = Math.Sqrt(training.Value("groups.2.up.weight").Data.ToArray().Concat(training.Value("groups.0.down.weight").Data.ToArray()).Average(v => (double)v * v));
        size.ShouldBe(0.02, 0.005);
    }

    [Fact]
    public void Parameters_OfTheActivations_AreAGroupOfTheirOwnThatDoesNotDecay()
    {
        IReadOnlyList<TrainingParameter> parameters = Begin("\"bottleneck\": 7").Parameters;

        parameters.Where(p => p.Name.Contains(".act.", StringComparison.Ordinal)).ShouldAllBe(p => p.Group == "activation" && !p.Decays);
        parameters.Where(p => !p.Name.Contains(".act.", StringComparison.Ordinal)).ShouldAllBe(p => p.Group == TrainingParameter.DefaultGroup && p.Decays);
    }

    [Fact]
    public void Activation_AtTheStart_IsGelu()
    {
        Tensor x = Tensor.From([.. Enumerable.Range(-320, 641).Select(i => i / 40f)], 641);

        float[] found = x.Rational(RationalGelu.Numerator(), RationalGelu.Denominator()).Data.ToArray();

        found.Zip(x.Gelu().Data.ToArray()).ShouldAllBe(p => Math.Abs(p.First - p.Second) < 3.8e-3);
    }

    [Theory]
    [InlineData("\"up_bias\": \"none\"", """{ "text": "words" }""", "up_bias token")]
    [InlineData("\"up_bias\": \"token\"", """{ "text": " " }""", "start.text is ' ', a text without words")]
    [InlineData("\"up_bias\": \"token\"", """{ "init": "mean" }""", "start.init is mean")]
    [InlineData("\"up_bias\": \"token\"", """{ "pooler": "max" }""", "start.pooler")]
    public void BeginTraining_AStartThatCannotBe_IsNamed(string config, string start, string named) =>
        Should.Throw<AdapterOptionException>(() => Begin(config, start)).Message.ShouldContain(named);

    private static PeftTraining Begin(string config, string? start = null) =>
        s_method.BeginTraining(Requests.Of(s_model, $$"""{ "peft_type": "SKPEFT_IAPT", {{config}} }""", start));
}
