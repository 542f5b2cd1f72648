using SkPeft.Peft.LlamaAdapter;
using SkPeft.PeftPlugins.Tests.Training;
using SkPeft.Tensors.SelfTests;
using SkPeft.Testing;

namespace SkPeft.PeftPlugins.Tests.LlamaAdapter;

public sealed class LlamaAdapterTests
{
    private static readonly ModelSizes s_sizes = new()
    {
        Layers = 3, HiddenSize = 4, Heads = 4, KeyValueHeads = 2, HeadDim = 3, IntermediateSize = 8, VocabularySize = 5,
    };

    private static readonly LlamaAdapterMethod s_method = new();

    [Fact]
    public void SelfTest_OfTheShippedMethod_Passes() => s_method.SelfTest();

    [Theory]
    [InlineData("""{ "peft_type": "ADAPTION_PROMPT" }""", 3, 10)]
    [InlineData("""{ "peft_type": "SKPEFT_LLAMA_ADAPTER" }""", 3, 10)]
    [InlineData("""{ "peft_type": "SKPEFT_LLAMA_ADAPTER", "adapter_layers": 1, "adapter_len": 2 }""", 1, 2)]
    public void BeginTraining_StartsAsTheBase_AndTheFileIsWhatWasTrained(string config, int layers, int length)
    {
        ReferenceLlama model = ReferenceLlama.Random(s_sizes, 3);
        PeftTraining training = s_method.BeginTraining(Requests.Of(model, config));
        training.Parameters.Count.ShouldBe(2 * layers);
        training.Parameters.Where(p => p.Name.EndsWith("gate", StringComparison.Ordinal)).ShouldAllBe(p => !p.Decays && p.Elements().All(v => v == 0));
        training.Parameters.Where(p => p.Name.EndsWith("prompt", StringComparison.Ordinal)).ShouldAllBe(p => p.Decays && p.Value.Length == length * s_sizes.HiddenSize);
        training.ShouldStartAsTheBase(model);
        training.ShouldSaveWhatItTrained(s_method, model);
    }

    [Theory]
    [InlineData(1, new[] { 2 })]
    [InlineData(3, new[] { 0, 1, 2 })]
    public void BuildEffects_OfHuggingFacesForm_TouchesTheTopLayers(int layers, int[] touched)
    {
        ModelShape shape = new(s_sizes);
        PeftModule module = s_method.Load(HuggingFace(layers, 2, touched), shape);

        IReadOnlyList<Effect> effects = module.BuildEffects(Base(shape, biases: false));

        module.MatchedModules.ShouldBe(touched.Select(l => $"model.layers.{l}.self_attn"));
        effects.Cast<GatedKeyValueEffect>().Select(e => e.Layer).ShouldBe(touched);
        foreach (GatedKeyValueEffect effect in effects.Cast<GatedKeyValueEffect>())
        {
            effect.Keys.ShapeText.ShouldBe("[2, 6]");
            effect.Gate.Data.ToArray().ShouldBe([effect.Layer + 0.5f, effect.Layer + 0.5f, effect.Layer + 0.5f, effect.Layer + 0.5f]);

            // Every prompt is (layer, layer, layer, layer), every weight of k is 1, of v is 2.
            effect.Keys.Data.ToArray().ShouldAllBe(v => v == 4 * effect.Layer);
            effect.Values.Data.ToArray().ShouldAllBe(v => v == 8 * effect.Layer);
        }
    }

    [Fact]
    public void BuildEffects_OnABaseWithBiases_CountsTheOutputsBiasTwiceInHuggingFacesFormOnly()
    {
        ModelShape shape = new(s_sizes with { AttentionBias = true });

        IReadOnlyList<Effect> saved = s_method.Load(HuggingFace(1, 2, [2]), shape).BuildEffects(Base(shape, biases: true));
        IReadOnlyList<Effect> published = s_method.Load(Published(1, 2, [2]), shape).BuildEffects(Base(shape, biases: true));

        saved.Count.ShouldBe(2);
        BiasEffect bias = saved[1].ShouldBeOfType<BiasEffect>();
        bias.Site.ShouldBe(new LinearSite(2, LinearKind.Output));
        bias.Bias.Data.ToArray().ShouldBe([5f, 5f, 5f, 5f]);
        saved[0].ShouldBeOfType<GatedKeyValueEffect>().Keys.Data.ToArray().ShouldAllBe(v => v == 8 + 3);
        published.ShouldHaveSingleItem().ShouldBeOfType<GatedKeyValueEffect>().Values.Data.ToArray().ShouldAllBe(v => v == 16 + 4);
    }

    [Fact]
    public void BuildEffects_OfThePublishedForm_SquashesOneGateAHead()
    {
        ModelShape shape = new(s_sizes);

        GatedKeyValueEffect effect = s_method.Load(Published(1, 2, [2]), shape).BuildEffects(Base(shape, biases: false))
            .ShouldHaveSingleItem().ShouldBeOfType<GatedKeyValueEffect>();

        for (int head = 0; head < 4; head++)
        {
            ((double)effect.Gate.Data[head]).ShouldBe(Math.Tanh(head - 1.5), 1e-6);
        }
    }

    [Theory]
    [InlineData("\"target_modules\": \"mlp\"", "target_modules is mlp")]
    [InlineData("\"target_modules\": \"q_proj\"", "target_modules is q_proj")]
    [InlineData("\"adapter_layers\": 4", "adapter_layers is 4; 1 to 3")]
    [InlineData("\"adapter_layers\": 0", "adapter_layers is 0")]
    [InlineData("\"adapter_len\": 0", "adapter_len is 0")]
    [InlineData("\"multi_modal\": true", "multi_modal")]
    public void Load_AnOptionThatCannotBeServed_NamesIt(string option, string named)
    {
        string config = $$"""{ "peft_type": "ADAPTION_PROMPT", {{option}}{{(option.Contains("layers") ? "" : ", \"adapter_layers\": 1")}}{{(option.Contains("len") ? "" : ", \"adapter_len\": 2")}} }""";

        Should.Throw<AdapterOptionException>(() => s_method.Load(SelfCheck.Adapter(config), new ModelShape(s_sizes))).Problems.ShouldHaveSingleItem().ShouldContain(named);
    }

    [Theory]
    [InlineData("attn")]
    [InlineData("")]
    [InlineData("attention")]
    public void Load_ATargetThatTheModelDoesNotHave_MatchesNothing(string target)
    {
        string config = $$"""{ "peft_type": "ADAPTION_PROMPT", "adapter_len": 2, "adapter_layers": 1, "target_modules": "{{target}}" }""";

        Should.Throw<AdapterMatchesNothingException>(() => s_method.Load(SelfCheck.Adapter(config), new ModelShape(s_sizes))).Message.ShouldContain("self_attn");
    }

    [Fact]
    public void Load_OneFormUnderTheNameOfTheOther_IsRefused()
    {
        ModelShape shape = new(s_sizes);
        AdapterPackage saved = HuggingFace(1, 2, [2]);
        AdapterPackage published = Published(1, 2, [2]);

        Should.Throw<AdapterShapeException>(() => s_method.Load(new AdapterPackage("x", saved.Config, published.Tensors), shape));
        Should.Throw<AdapterShapeException>(() => s_method.Load(new AdapterPackage("x", published.Config, saved.Tensors), shape));
    }

    [Fact]
    public void Load_PromptsForMoreLayersThanConfigured_AreNotDropped() =>
        Should.Throw<AdapterShapeException>(() => s_method.Load(HuggingFace(1, 2, [1, 2]), new ModelShape(s_sizes))).Message.ShouldContain("layers.1");

    private static AdapterPackage HuggingFace(int layers, int length, int[] saved) => SelfCheck.Adapter(
        $$"""{ "peft_type": "ADAPTION_PROMPT", "task_type": "CAUSAL_LM", "adapter_len": {{length}}, "adapter_layers": {{layers}}, "target_modules": "self_attn" }""",
        [.. saved.Select(l => ($"base_model.model.model.layers.{l}.self_attn.adaption_prompt", Filled(l, 1, length, 4))),
         .. saved.Select(l => ($"base_model.model.model.layers.{l}.self_attn.adaption_gate", Filled(l + 0.5f, 1)))]);

    private static AdapterPackage Published(int layers, int length, int[] saved) => SelfCheck.Adapter(
        $$"""{ "peft_type": "SKPEFT_LLAMA_ADAPTER", "task_type": "CAUSAL_LM", "adapter_len": {{length}}, "adapter_layers": {{layers}} }""",
        [.. saved.Select(l => ($"layers.{l}.prompt", Filled(l, length, 4))),
         .. saved.Select(l => ($"layers.{l}.gate", Tensor.From([-1.5f, -0.5f, 0.5f, 1.5f], 4)))]);

    private static TinyBase Base(ModelShape shape, bool biases) => new(
        shape.Sizes,
        [.. Enumerable.Range(0, 3).SelectMany(l => new[] { ($"model.layers.{l}.self_attn.k_proj", Filled(1, 6, 4)), ($"model.layers.{l}.self_attn.v_proj", Filled(2, 6, 4)) }),
         .. biases ? Enumerable.Range(0, 3).SelectMany(l => new[]
            {
                ($"model.layers.{l}.self_attn.k_proj.bias", Filled(3, 6)), ($"model.layers.{l}.self_attn.v_proj.bias", Filled(4, 6)), ($"model.layers.{l}.self_attn.o_proj.bias", Filled(5, 4)),
            }) : []]);

    private static Tensor Filled(float value, params int[] shape)
    {
        Tensor tensor = new(shape);
        tensor.Data.Fill(value);
        return tensor;
    }
}
