using SkPeft.Peft.Lora;
using SkPeft.PeftPlugins.Tests.Identity;
using SkPeft.Testing;

namespace SkPeft.PeftPlugins.Tests.Lora;

/// <summary>Hand-made adapters against the same change worked into the weights, on bases with biases, a head_dim of its own, or a tied head.</summary>
public sealed class LoraFunctionTests
{
    private static readonly ModelSizes s_sizes = new()
    {
        Layers = 2, HiddenSize = 8, Heads = 4, KeyValueHeads = 2, HeadDim = 6, IntermediateSize = 12, VocabularySize = 16,
    };

    private static readonly ReferenceLlama s_plain = ReferenceLlama.Random(s_sizes, 1);
    private static readonly ReferenceLlama s_biased = ReferenceLlama.Random(s_sizes with { AttentionBias = true, MlpBias = true }, 2);
    private static readonly ReferenceLlama s_tied = ReferenceLlama.Random(s_sizes with { TiedEmbeddings = true }, 3);

    private static readonly string[] s_everyLinear = [.. s_plain.Shape.Modules.Where(m => m.Kind == ModuleKind.Linear).Select(m => m.Name)];

    [Theory]
    [InlineData(new string[0], 1.5)]
    [InlineData(new[] { "use_rslora" }, 3.0)]
    [InlineData(new[] { "use_dora" }, 1.5)]
    [InlineData(new[] { "use_dora", "use_rslora" }, 3.0)]
    [InlineData(new[] { "lora_bias" }, 1.5)]
    [InlineData(new[] { "lora_bias", "use_rslora" }, 3.0)]
    public async Task BuildEffects_EveryLinearLayerOfABaseWithBiases_EqualMergedWeights(string[] flags, double scale)
    {
        LoraFile file = new(s_biased);
        foreach (string flag in flags)
        {
            file.Config[flag] = true;
        }

        file.Config["target_modules"] = s_everyLinear;
        ReferenceLlama merged = s_biased;
        foreach (string module in s_everyLinear)
        {
            file.Adapt(module, 4);
            merged = merged.Merge(file, module, scale);
        }

        await ShouldBeTheSameFunction(file, s_biased, merged);
    }

    [Fact]
    public async Task BuildEffects_Patterns_EachModuleHasItsOwnRankAndAlpha()
    {
        LoraFile file = new(s_plain);
        file.Config["target_modules"] = new[] { "q_proj", "v_proj" };

        // "1.self_attn.(q|v)_proj" comes first and wins over "q_proj"; alpha is looked up apart from the rank.
        file.Config["rank_pattern"] = new Dictionary<string, int> { [@"1\.self_attn\.(q|v)_proj"] = 3, ["q_proj"] = 2 };
        file.Config["alpha_pattern"] = new Dictionary<string, double> { ["layers.0.self_attn.v_proj"] = 10, ["_proj"] = 100 };
        (string Module, int Rank, double Alpha)[] expected =
        [
            ("model.layers.0.self_attn.q_proj", 2, 6), ("model.layers.0.self_attn.v_proj", 4, 10),
            ("model.layers.1.self_attn.q_proj", 3, 6), ("model.layers.1.self_attn.v_proj", 3, 6),
        ];
        ReferenceLlama merged = s_plain;
        foreach ((string module, int rank, double alpha) in expected)
        {
            merged = merged.Merge(file.Adapt(module, rank), module, alpha / rank);
        }

        await ShouldBeTheSameFunction(file, s_plain, merged);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task BuildEffects_EmbeddingOfATiedBase_ChangesTheEmbeddingOnly(bool dora)
    {
        LoraFile file = new(s_tied);
        file.Config["target_modules"] = new[] { "embed_tokens" };
        if (dora)
        {
            file.Config["use_dora"] = true;
        }

        file.Adapt("model.embed_tokens", 4);
        ReferenceLlama merged = s_tied.Merge(file, "model.embed_tokens", 1.5);
        merged.Weight("lm_head").Data.SequenceEqual(s_tied.Weight("lm_head").Data).ShouldBeTrue();
        await ShouldBeTheSameFunction(file, s_tied, merged);
    }

    [Fact]
    public async Task BuildEffects_HeadOfATiedBase_ChangesTheHeadOnly()
    {
        LoraFile file = new(s_tied);
        file.Config["target_modules"] = new[] { "lm_head" };
        file.Adapt("lm_head", 4);
        await ShouldBeTheSameFunction(file, s_tied, s_tied.Merge(file, "lm_head", 1.5));
    }

    [Theory]
    [InlineData("lora_only", new[] { "model.layers.0.self_attn.q_proj", "model.layers.1.self_attn.q_proj" })]
    [InlineData("all", null)]
    public async Task BuildEffects_TrainedBiases_TakeThePlaceOfTheBases(string bias, string[]? modules)
    {
        foreach (bool dora in (bool[])[false, true])
        {
            LoraFile file = new(s_biased);
            file.Config["target_modules"] = new[] { "q_proj" };
            file.Config["bias"] = bias;
            if (dora)
            {
                file.Config["use_dora"] = true;
            }

            ReferenceLlama merged = s_biased;
            foreach (string module in s_everyLinear.Where(m => m.EndsWith("q_proj", StringComparison.Ordinal)))
            {
                merged = merged.Merge(file.Adapt(module, 4), module, 1.5);
            }

            foreach (ModuleInfo module in s_biased.Shape.Modules.Where(m => m.HasBias && (modules is null || modules.Contains(m.Name))))
            {
                Tensor trained = file.Normal(module.Outputs);
                string infix = module.Name.EndsWith("q_proj", StringComparison.Ordinal) ? ".base_layer" : "";
                file.Tensors[$"{LoraFile.Prefix}{module.Name}{infix}.bias"] = trained;
                merged = merged.With(module.Name + ".bias", trained);
            }

            await ShouldBeTheSameFunction(file, s_biased, merged);
        }
    }

    [Fact]
    public async Task BuildEffects_ModulesToSave_AreReplaced()
    {
        LoraFile file = new(s_biased);
        file.Config["target_modules"] = new[] { "up_proj" };
        file.Config["modules_to_save"] = new[] { "embed_tokens", "lm_head", "self_attn", "model.norm" };
        ReferenceLlama merged = s_biased;
        foreach (string module in s_everyLinear.Where(m => m.EndsWith("up_proj", StringComparison.Ordinal)))
        {
            merged = merged.Merge(file.Adapt(module, 4), module, 1.5);
        }

        string[] ends = ["embed_tokens", "lm_head", "model.norm"];
        foreach (ModuleInfo module in s_biased.Shape.Modules.Where(m => m.Name.Contains("self_attn", StringComparison.Ordinal) || ends.Any(m.Name.EndsWith)))
        {
            foreach ((string parameter, int[] shape) in ((string, int[])[])
                [(".weight", module.Kind == ModuleKind.Norm ? [8] : [module.Outputs, module.Inputs]), .. module.HasBias ? [(".bias", [module.Outputs])] : ((string, int[])[])[]])
            {
                Tensor trained = file.Normal(shape);
                file.Tensors[LoraFile.Prefix + module.Name + parameter] = trained;
                merged = merged.With(module.Name + parameter, trained);
            }
        }

        await ShouldBeTheSameFunction(file, s_biased, merged);
    }

    [Fact]
    public void BuildEffects_UntouchedCopiesOfEmbeddingAndHead_AddNothing()
    {
        LoraFile file = new(s_plain);
        file.Config["target_modules"] = new[] { "lm_head" };
        file.Adapt("lm_head", 4);
        file.Tensors[LoraFile.Prefix + "lm_head.base_layer.weight"] = s_plain.Weight("lm_head");
        file.Tensors[LoraFile.Prefix + "model.embed_tokens.weight"] = s_plain.Weight("model.embed_tokens");
        Load(file, s_plain).BuildEffects(s_plain).ShouldHaveSingleItem().ShouldBeOfType<LowRankEffect>();
    }

    [Fact]
    public async Task BuildEffects_CopiesThatDiffer_AreTheBaseOfTheAdapter()
    {
        LoraFile file = new(s_tied);
        file.Config["target_modules"] = new[] { "embed_tokens" };
        file.Config["use_dora"] = true;
        file.Adapt("model.embed_tokens", 4);
        Tensor copy = file.Normal(16, 8);
        file.Tensors[LoraFile.Prefix + "model.embed_tokens.base_layer.weight"] = copy;

        // The copy is loaded into the parameter that embedding and head share; LoRA is on the embedding alone.
        ReferenceLlama trained = s_tied.With("model.embed_tokens.weight", copy).With("lm_head.weight", copy);
        await ShouldBeTheSameFunction(file, s_tied, trained.Merge(file, "model.embed_tokens", 1.5));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task BuildEffects_ACopyOfTheHeadThatDiffers_IsTheWeightUnderLora(bool dora)
    {
        LoraFile file = new(s_biased);
        file.Config["target_modules"] = new[] { "lm_head" };
        if (dora)
        {
            file.Config["use_dora"] = true;
        }

        file.Adapt("lm_head", 4);
        Tensor copy = file.Normal(16, 8);
        file.Tensors[LoraFile.Prefix + "lm_head.base_layer.weight"] = copy;
        await ShouldBeTheSameFunction(file, s_biased, s_biased.With("lm_head.weight", copy).Merge(file, "lm_head", 1.5));
    }

    [Theory]
    [InlineData(false, "[5, 2]", true)]
    [InlineData(true, "[5, 2]", true)]
    [InlineData(false, "{ \"lm_head\": [5, 2] }", false)]
    [InlineData(true, "{ \"model.embed_tokens\": [5, 2] }", true)]
    public async Task BuildEffects_TrainedTokens_HaveTheirRowsInTheTables(bool tied, string tokens, bool inEmbedding)
    {
        ReferenceLlama model = tied ? s_tied : s_plain;
        LoraFile file = new(model);
        file.Config["target_modules"] = new[] { "q_proj" };
        file.Config["trainable_token_indices"] = System.Text.Json.JsonSerializer.Deserialize<System.Text.Json.JsonElement>(tokens);
        ReferenceLlama merged = model;
        foreach (string module in s_everyLinear.Where(m => m.EndsWith("q_proj", StringComparison.Ordinal)))
        {
            merged = merged.Merge(file.Adapt(module, 4), module, 1.5);
        }

        Tensor rows = file.Normal(2, 8);
        file.Tensors[$"{LoraFile.Prefix}{(inEmbedding ? "model.embed_tokens" : "lm_head")}.token_adapter.trainable_tokens_delta"] = rows;
        foreach (string module in inEmbedding ? tied ? ["model.embed_tokens", "lm_head"] : (string[])["model.embed_tokens"] : ["lm_head"])
        {
            Tensor table = merged.Weight(module);
            rows.Row(0).CopyTo(table.Row(5));
            rows.Row(1).CopyTo(table.Row(2));
            merged = merged.With(module + ".weight", table);
        }

        await ShouldBeTheSameFunction(file, model, merged);
    }

    private static PeftModule Load(LoraFile file, ReferenceLlama model) => new LoraMethod().Load(file.Package, model.Shape);

    private static Task ShouldBeTheSameFunction(LoraFile file, ReferenceLlama model, ReferenceLlama merged) =>
        new LoraMethod().ShouldServe(file.Package, model, merged);
}
