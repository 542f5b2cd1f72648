using SkPeft.Peft.Lora;
using SkPeft.Tensors.SelfTests;
using SkPeft.Testing;

namespace SkPeft.PeftPlugins.Tests.Lora;

public sealed class AdaLoraTests
{
    private const string Query = "base_model.model.model.layers.0.self_attn.q_proj";

    private static readonly ModelShape s_shape = new(new ModelSizes
    {
        Layers = 1, HiddenSize = 2, Heads = 1, KeyValueHeads = 1, HeadDim = 2, IntermediateSize = 3, VocabularySize = 4,
    });

    [Theory]
    [InlineData(6, 3, "", 6 / 3.00001)]
    [InlineData(6, 2, """, "rank_pattern": { "model.layers.0.self_attn.q_proj.lora_E": [true, false, true] }""", 6 / 3.00001)]
    [InlineData(6, 2, """, "rank_pattern": { "model.layers.0.self_attn.q_proj.lora_E.default": [true, false, true] }""", 6 / 3.00001)]
    [InlineData(0, 2, """, "rank_pattern": { "model.layers.0.self_attn.q_proj.lora_E": [true, true, false] }""", 2 / 3.00001)]
    [InlineData(6, 3, """, "use_rslora": true, "lora_bias": true, "alpha_pattern": { "q_proj": 100 }, "r": 8""", 6 / 3.00001)]
    public void BuildEffects_TheScale_BelongsToTheInitialRank(float alpha, int rank, string more, double expected)
    {
        LowRankEffect effect = (LowRankEffect)Load(alpha, more, rank).BuildEffects(new TinyBase(s_shape.Sizes)).Single();
        effect.Scale.ShouldBe((float)expected, 1e-6);
        effect.A[0].ShouldBe(rank);
    }

    [Theory]
    [InlineData(""", "rank_pattern": { "model.layers.0.self_attn.k_proj.lora_E": [true] }""", "model.layers.0.self_attn.k_proj, which is not targeted")]
    [InlineData(""", "rank_pattern": { "model.layers.0.self_attn.q_proj.lora_E": [true, true, true, true] }""", "keeps 4 rows")]
    [InlineData(""", "use_dora": true""", "use_dora is true")]
    [InlineData(""", "init_r": 0""", "init_r is 0")]
    public void Load_WhatAdaLoraCannotBe_IsRefused(string more, string named) =>
        Should.Throw<AdapterOptionException>(() => Load(6, more, more.Contains("true, true, true, true", StringComparison.Ordinal) ? 4 : 3)).Message.ShouldContain(named);

    [Theory]
    [InlineData("""{ "a.b": 4 }""")]
    [InlineData("""{ "a.b": [1, 0] }""")]
    [InlineData("[true]")]
    public void Load_ARankPatternOfAnotherType_IsAFormatError(string pattern) =>
        Should.Throw<FileFormatException>(() => Load(6, $", \"rank_pattern\": {pattern}", 3)).Field.ShouldBe("rank_pattern");

    [Fact]
    public void Load_EveryRowPruned_IsNoAdapter() =>
        Should.Throw<AdapterOptionException>(() => Load(6, """, "rank_pattern": { "model.layers.0.self_attn.q_proj.lora_E": [false, false, false] }""", 0))
            .Message.ShouldContain("rank_pattern");

    private static PeftModule Load(float alpha, string more, int rank) => new AdaLoraMethod().Load(
        AdapterFolder.Make(
            $$"""{ "peft_type": "ADALORA", "target_modules": ["q_proj"], "init_r": 3, "lora_alpha": {{alpha}}{{more}} }""",
            new Dictionary<string, Tensor> { [Query + ".lora_A"] = new(rank, 2), [Query + ".lora_B"] = new(2, rank), [Query + ".lora_E"] = new(rank, 1) }),
        s_shape);
}
