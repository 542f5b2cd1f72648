using SkPeft.Peft.PTuning;
using SkPeft.Tensors.SelfTests;

namespace SkPeft.PeftPlugins.Tests.PTuning;

public sealed class PTuningTests
{
    private static readonly ModelShape s_shape = new(new ModelSizes
    {
        Layers = 3, HiddenSize = 4, Heads = 2, KeyValueHeads = 1, HeadDim = 2, IntermediateSize = 8, VocabularySize = 5,
    });

    private static readonly PTuningMethod s_method = new();

    [Fact]
    public void SelfTest_OfTheShippedMethod_Passes() => s_method.SelfTest();

    [Theory]
    [InlineData("MLP", 2, 0.0)]
    [InlineData("LSTM", 5, 0.3)]
    public void BuildEffects_WhateverEncoderItWasTrainedWith_UsesTheSavedTable(string encoder, int layers, double dropout)
    {
        string config = $$"""
            { "peft_type": "P_TUNING", "num_virtual_tokens": 2, "token_dim": 4, "encoder_reparameterization_type": "{{encoder}}",
              "encoder_hidden_size": 48, "encoder_num_layers": {{layers}}, "encoder_dropout": {{dropout}} }
            """;
        Tensor table = Tensor.From([1, 2, 3, 4, 5, 6, 7, 8], 2, 4);

        PeftModule module = s_method.Load(SelfCheck.Adapter(config, ("prompt_embeddings", table)), s_shape);

        module.MatchedModules.ShouldBe(["model.embed_tokens"]);
        module.BuildEffects(new TinyBase(s_shape.Sizes)).ShouldHaveSingleItem().ShouldBeOfType<PromptEmbeddingsEffect>()
            .Embeddings.Data.ToArray().ShouldBe(table.Data.ToArray());
    }

    [Fact]
    public void Load_AnEncoderSavedInstead_IsRefused()
    {
        string config = """{ "peft_type": "P_TUNING", "num_virtual_tokens": 2 }""";

        Should.Throw<AdapterShapeException>(() => s_method.Load(SelfCheck.Adapter(config, ("prompt_encoder.default.embedding.weight", new Tensor(2, 4))), s_shape))
            .Message.ShouldContain("prompt_embeddings");
    }

    [Fact]
    public void Load_OptionsOfAnotherMethod_AreRefusedByName()
    {
        string config = """{ "peft_type": "P_TUNING", "num_virtual_tokens": 2, "prefix_projection": true }""";

        Should.Throw<AdapterOptionException>(() => s_method.Load(SelfCheck.Adapter(config, ("prompt_embeddings", new Tensor(2, 4))), s_shape))
            .Problems.ShouldHaveSingleItem().ShouldContain("prefix_projection");
    }
}
