using SkPeft.Peft.PromptTuning.Infix;
using SkPeft.PeftPlugins.Tests.Identity;
using SkPeft.PeftPlugins.Tests.Training;
using SkPeft.Tensors.Ops;
using SkPeft.Tensors.SelfTests;
using SkPeft.Testing;

namespace SkPeft.PeftPlugins.Tests.PromptTuning.Infix;

public sealed class InfixPromptTests
{
    private static readonly InfixPromptMethod s_method = new();

    private static readonly ReferenceLlama s_model = ReferenceLlama.Random(
        new ModelSizes { Layers = 1, HiddenSize = 6, Heads = 2, KeyValueHeads = 1, HeadDim = 4, IntermediateSize = 8, VocabularySize = 97 }, 4);

    /// <summary>E5 for any place: positions, masks and cache.</summary>
    [Theory]
    [MemberData(nameof(Runners.All), MemberType = typeof(Runners))]
    public async Task SoftTokens_OfTheEmbeddingsOfRealTokens_AreThoseTokensInTheText(string runner, string kind)
    {
        using IModelRunner model = Runners.Create(runner, kind);
        int[] words = Runners.Ids(1, 3, model.Base.Shape.Sizes);
        AdapterPackage package = SelfCheck.Adapter(
            """{ "peft_type": "SKPEFT_INFIX_PROMPT", "num_virtual_tokens": 3 }""", ("prompt_embeddings", model.Base.Weight("model.embed_tokens").Gather(words)));

        IReadOnlyList<Effect> effects = s_method.Load(package, model.Base.Shape).BuildEffects(model.Base);
        Tensor slotted = await model.LogitsAsync([7, -3, 8, 9, -1, -2, 4], 7, effects);

        slotted.ShouldBeLogits(await model.LogitsAsync([7, words[2], 8, 9, words[0], words[1], 4], 7, []));
    }

    [Theory]
    [InlineData("\"num_virtual_tokens\": 0", "num_virtual_tokens is 0")]
    [InlineData("\"num_virtual_tokens\": 3, \"virtual_token_splits\": [1, 1]", "virtual_token_splits is [1, 1]")]
    [InlineData("\"num_virtual_tokens\": 3, \"virtual_token_splits\": [4, -1]", "virtual_token_splits is [4, -1]")]
    public void Load_SlotsThatDoNotAddUp_AreNamed(string options, string named) =>
        Should.Throw<AdapterOptionException>(() => s_method.Load(SelfCheck.Adapter($$"""{ "peft_type": "SKPEFT_INFIX_PROMPT", {{options}} }"""), s_model.Shape))
            .Message.ShouldContain(named);

    [Theory]
    [InlineData("[P1] {x} [P3]", "without [P2]")]
    [InlineData("[P1] {x} [P2] [P3] [P4]", "'[P4]'")]
    public void Load_ATemplateWithOtherSlots_IsRefused(string template, string named) =>
        Should.Throw<InvalidOptionException>(() => s_method.Load(
            SelfCheck.Adapter($$"""{ "peft_type": "SKPEFT_INFIX_PROMPT", "num_virtual_tokens": 3, "prompt_template": "{{template}}" }"""), s_model.Shape)).Message.ShouldContain(named);

    [Fact]
    public void BeginTraining_TheDatasPrompt_SaysHowManySoftTokensThereAre()
    {
        PeftTraining training = s_method.BeginTraining(
            Requests.Of(s_model, """{ "peft_type": "SKPEFT_INFIX_PROMPT" }""", """{ "text": "a b" }""") with { Prompt = "[P1][P2] {text} [P3]" });

        training.Slots.ShouldBe(new SoftSlots(3, "[P1][P2] {text} [P3]") { Splits = training.Slots!.Splits });
        training.Parameters.ShouldHaveSingleItem().Name.ShouldBe("prompt_encoder.default.embedding.weight");
        Tensor words = new ReferenceProbe(s_model).Embeddings(new ReferenceProbe(s_model).Tokenize("a b a"));
        AdapterPackage exported = training.Export().ShouldHaveSingleItem();
        exported.Tensors["prompt_embeddings"].Data.ToArray().ShouldBe(words.Data.ToArray());
        exported.Config.GetProperty("prompt_template").GetString().ShouldBe("[P1][P2] {text} [P3]");
        exported.Config.GetProperty("num_virtual_tokens").GetInt32().ShouldBe(3);
        s_method.Load(exported, s_model.Shape).BuildEffects(s_model)[0].ShouldBeOfType<SlotEmbeddingsEffect>().Slots.Template.ShouldBe("[P1][P2] {text} [P3]");
    }

    [Theory]
    [InlineData("MLP", 7)]
    [InlineData("LSTM", 21)]
    public void BeginTraining_ThroughAnEncoder_ExportsItsOutputs(string encoder, int parameters)
    {
        PeftTraining training = s_method.BeginTraining(Requests.Of(s_model, $$"""
            { "peft_type": "SKPEFT_INFIX_PROMPT", "prompt_template": "<|VIRTUAL_PROMPT_0|>{x}<|VIRTUAL_PROMPT_1|>", "virtual_token_splits": [2, 2],
              "encoder_reparameterization_type": "{{encoder}}", "encoder_hidden_size": 5 }
            """));

        training.Parameters.Count.ShouldBe(parameters);
        training.Slots!.Splits.ShouldBe([2, 2]);
        Tensor trained = training.BuildEffects(s_model, 0)[0].ShouldBeOfType<SlotEmbeddingsEffect>().Embeddings;
        trained.NeedsGradient.ShouldBeTrue();
        training.Export().ShouldHaveSingleItem().Tensors["prompt_embeddings"].Data.ToArray().ShouldBe(trained.Data.ToArray());
    }

    [Fact]
    public void BeginTraining_WithoutAnySlot_SaysSo() =>
        Should.Throw<AdapterOptionException>(() => s_method.BeginTraining(Requests.Of(s_model, """{ "peft_type": "SKPEFT_INFIX_PROMPT" }""") with { Prompt = "{text}" }))
            .Message.ShouldContain("num_virtual_tokens is 0");
}
