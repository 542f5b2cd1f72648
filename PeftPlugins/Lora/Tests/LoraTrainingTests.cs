using System.Text.Json;
using SkPeft.Peft.Lora;
using SkPeft.PeftPlugins.Tests.Training;
using SkPeft.Tensors.LinearAlgebra;
using SkPeft.Tensors.Ops;
using SkPeft.Testing;

namespace SkPeft.PeftPlugins.Tests.Lora;

/// <summary>How runs begin, and what becomes of them in a file. Gradients and steps are compared in the goldens.</summary>
public sealed class LoraTrainingTests
{
    private const string Query = "base_model.model.model.layers.0.self_attn.q_proj";

    private static readonly ModelSizes s_sizes = new()
    {
        Layers = 2, HiddenSize = 8, Heads = 4, KeyValueHeads = 2, HeadDim = 6, IntermediateSize = 12, VocabularySize = 16,
    };

    private static readonly ReferenceLlama s_biased = ReferenceLlama.Random(s_sizes with { AttentionBias = true, MlpBias = true }, 2);
    private static readonly ReferenceLlama s_tied = ReferenceLlama.Random(s_sizes with { TiedEmbeddings = true }, 3);
    private static readonly LoraMethod s_method = new();

    [Theory]
    [InlineData("""{ "peft_type": "LORA" }""", 8)]
    [InlineData("""{ "peft_type": "LORA", "target_modules": "all-linear", "use_rslora": true, "init_lora_weights": "gaussian" }""", 28)]
    [InlineData("""{ "peft_type": "LORA", "target_modules": ["q_proj", "embed_tokens", "lm_head"], "use_dora": true, "modules_to_save": ["norm"] }""", 17)]
    [InlineData("""{ "peft_type": "LORA", "r": 4, "init_lora_weights": "orthogonal", "lora_bias": true, "bias": "lora_only" }""", 16)]
    [InlineData("""{ "peft_type": "LORA", "r": 3, "init_lora_weights": "pissa", "rank_pattern": { "v_proj": 5 }, "alpha_pattern": { "q_proj": 3 } }""", 8)]
    [InlineData("""{ "peft_type": "LORA", "r": 3, "init_lora_weights": "pissa_niter_4", "use_dora": true, "target_modules": ["down_proj", "embed_tokens"] }""", 9)]
    [InlineData("""{ "peft_type": "LORA", "r": 3, "init_lora_weights": "olora", "use_rslora": true, "target_modules": ["o_proj", "lm_head"], "bias": "all" }""", 20)]
    [InlineData("""{ "peft_type": "LORA", "target_modules": ["k_proj"], "modules_to_save": ["mlp", "lm_head"] }""", 17)]
    [InlineData("""{ "peft_type": "LORA", "target_modules": ["k_proj"], "trainable_token_indices": [7, 1] }""", 5)]
    public void BeginTraining_AnyStart_IsTheBase_AndTheFileIsWhatWasTrained(string config, int parameters)
    {
        foreach (ReferenceLlama model in (ReferenceLlama[])[s_biased, s_tied])
        {
            PeftTraining training = s_method.BeginTraining(Requests.Of(model, config));
            if (model == s_biased)
            {
                training.Parameters.Count.ShouldBe(parameters);
            }

            training.Parameters.Select(p => p.Name).ShouldBeUnique();
            training.ShouldStartAsTheBase(model);
            training.ShouldSaveWhatItTrained(s_method, model);
        }
    }

    [Fact]
    public void BeginTraining_FalseAsTheReferenceHasIt_StartsWithBothFactorsRandom()
    {
        PeftTraining training = s_method.BeginTraining(Requests.Of(s_biased, """{ "peft_type": "LORA", "init_lora_weights": false, "use_dora": true, "target_modules": ["q_proj", "embed_tokens"] }"""));

        training.Parameters.ShouldAllBe(p => p.Elements().Any(v => v != 0));

        // The magnitudes are those of W + s·B A: the step begins where LoRA without DoRA would.
        PeftTraining plain = s_method.BeginTraining(Requests.Of(s_biased, """{ "peft_type": "LORA", "init_lora_weights": false, "target_modules": ["q_proj", "embed_tokens"] }"""));
        int[] text = [1, 2, 3];
        s_biased.Logits(text, 2, training.BuildEffects(s_biased, 0)).Data.ToArray()
            .Zip(s_biased.Logits(text, 2, plain.BuildEffects(s_biased, 0)).Data.ToArray()).ShouldAllBe(p => Math.Abs(p.First - p.Second) < 1e-4);
    }

    [Fact]
    public void BeginTraining_Kaiming_IsUniformWithinOneOverTheRootOfTheInputs()
    {
        Tensor a = s_method.BeginTraining(Requests.Of(s_biased, """{ "peft_type": "LORA", "r": 50 }""")).Value(Query + ".lora_A.default.weight");
        a.ShapeText.ShouldBe("[50, 8]");
        float bound = 1 / MathF.Sqrt(8);
        a.Data.ToArray().ShouldAllBe(v => Math.Abs(v) <= bound);
        a.Data.ToArray().Max().ShouldBeGreaterThan(0.95f * bound);
    }

    [Fact]
    public void BeginTraining_Gaussian_HasADeviationOfOneOverTheRank()
    {
        float[] a = s_method.BeginTraining(Requests.Of(s_biased, """{ "peft_type": "LORA", "r": 200, "init_lora_weights": "gaussian" }"""))
            .Value(Query + ".lora_A.default.weight").Data.ToArray();
        Math.Sqrt(a.Average(v => v * v)).ShouldBe(1.0 / 200, 0.0005);
    }

    [Fact]
    public void BeginTraining_Pissa_LeavesTheSmallestSingularValues()
    {
        (Tensor weight, Tensor part) = Taken("pissa");
        float[] values = TruncatedSvd.Of(weight, 8, new Random(1)).Values;
        double expected = values.Skip(6).Sum(v => (double)v * v);
        weight.Subtract(part).Data.ToArray().Sum(v => (double)v * v).ShouldBe(expected, 1e-3 * expected);
    }

    [Fact]
    public void BeginTraining_Olora_TakesTheFirstColumnsWhole()
    {
        (Tensor weight, Tensor part) = Taken("olora");
        Tensor rest = weight.Subtract(part);
        rest.Slice(1, 0, 6).Data.ToArray().ShouldAllBe(v => Math.Abs(v) < 1e-5);
        rest.Slice(1, 6, 2).Data.ToArray().Max().ShouldBeGreaterThan(0.01f);
    }

    [Fact]
    public void Export_OfPissa_IsAPlainLoraOfTwiceTheRank()
    {
        PeftTraining training = s_method.BeginTraining(Requests.Of(
            s_biased, """{ "peft_type": "LORA", "r": 3, "lora_alpha": 6, "init_lora_weights": "pissa", "rank_pattern": { "v_proj": 5 }, "alpha_pattern": { "v_proj": 4 } }"""));
        AdapterPackage saved = training.Export()[0];

        JsonElement config = saved.Config;
        config.GetProperty("init_lora_weights").GetBoolean().ShouldBeTrue();
        config.GetProperty("r").GetInt32().ShouldBe(6);
        config.GetProperty("lora_alpha").GetInt32().ShouldBe(12);
        config.GetProperty("rank_pattern").GetProperty("v_proj").GetInt32().ShouldBe(10);
        config.GetProperty("alpha_pattern").GetProperty("v_proj").GetInt32().ShouldBe(8);
        saved.Tensors[Query + ".lora_A.weight"].ShapeText.ShouldBe("[6, 8]");
        saved.Tensors[Query + ".lora_B.weight"].ShapeText.ShouldBe("[24, 6]");
    }

    [Theory]
    [InlineData("""["q_proj", "lm_head"]""", "null", true)]
    [InlineData("\".*(q_proj|lm_head)\"", "null", true)]
    [InlineData("""["q_proj", "model.embed_tokens"]""", "null", false)]
    [InlineData("""["q_proj", "lm_head"]""", "[3]", false)]
    public void Export_OfATargetedEnd_HasTheUntouchedTableAsTheReferenceSavesIt(string targets, string tokens, bool saved)
    {
        PeftTraining training = s_method.BeginTraining(Requests.Of(
            s_biased, $$"""{ "peft_type": "LORA", "target_modules": {{targets}}, "trainable_token_indices": {{tokens}} }"""));
        training.Export()[0].Tensors.Keys.Any(k => k.EndsWith("base_layer.weight", StringComparison.Ordinal)).ShouldBe(saved);
        training.Parameters.ShouldAllBe(p => !p.Name.Contains("base_layer"));
    }

    [Fact]
    public void Export_CompletesTheConfiguration()
    {
        JsonElement config = s_method.BeginTraining(Requests.Of(s_biased, """{ "peft_type": "LORA" }""")).Export()[0].Config;
        config.GetProperty("r").GetInt32().ShouldBe(8);
        config.GetProperty("lora_alpha").GetDouble().ShouldBe(8);
        config.GetProperty("target_modules").EnumerateArray().Select(t => t.GetString()).ShouldBe(["q_proj", "v_proj"]);
        config.GetProperty("task_type").GetString().ShouldBe("CAUSAL_LM");
        config.GetProperty("inference_mode").GetBoolean().ShouldBeTrue();
        config.TryGetProperty("fan_in_fan_out", out _).ShouldBeFalse();
    }

    [Fact]
    public void BeginTraining_ACopiedNorm_DoesNotDecay_ButACopiedLinearLayerDoes()
    {
        const string config = """{ "peft_type": "LORA", "target_modules": ["q_proj"], "modules_to_save": ["norm", "v_proj"] }""";
        PeftTraining training = s_method.BeginTraining(Requests.Of(s_biased, config, "{}"));

        TrainingParameter[] copies = [.. training.Parameters.Where(p => p.Name.Contains("modules_to_save"))];
        copies.Where(p => p.Name.Contains("norm")).ShouldNotBeEmpty();
        copies.ShouldAllBe(p => p.Decays == p.Name.Contains("v_proj"));
    }

    [Fact]
    public void BeginTraining_LoraPlus_GivesBItsOwnRate()
    {
        const string config = """{ "peft_type": "LORA", "target_modules": ["q_proj", "embed_tokens"], "use_dora": true, "modules_to_save": ["v_proj"] }""";
        PeftTraining training = s_method.BeginTraining(Requests.Of(s_biased, config, """{ "lora_plus_ratio": 16 }"""));

        training.Parameters.Where(p => p.Name.Contains(".lora_B.") || p.Name.Contains("magnitude")).ShouldAllBe(p => p.Group == "lora_B" && p.RateFactor == 16);
        training.Parameters.Where(p => p.Name.Contains(".lora_A.")).ShouldAllBe(p => p.Group == "default" && p.RateFactor == 1);
        training.Parameters.Where(p => p.Name.Contains("lora_embedding_")).ShouldAllBe(p => p.Group == "lora_embedding" && p.RateFactor == 1);
        training.Parameters.Count(p => p.Name.Contains("lora_embedding_")).ShouldBe(2);
        training.Parameters.Where(p => p.Name.Contains("magnitude")).ShouldAllBe(p => !p.Decays);
    }

    [Theory]
    [InlineData("""{ "peft_type": "LORA", "lora_dropout": -0.1 }""", "{}", "lora_dropout is -0.1")]
    [InlineData("""{ "peft_type": "LORA", "init_lora_weights": "eva" }""", "{}", "init_lora_weights is eva")]
    [InlineData("""{ "peft_type": "LORA", "init_lora_weights": "loftq" }""", "{}", "init_lora_weights is loftq")]
    [InlineData("""{ "peft_type": "LORA", "init_lora_weights": "pissa", "r": 9 }""", "{}", "rank 9")]
    [InlineData("""{ "peft_type": "LORA", "init_lora_weights": "orthogonal", "r": 3 }""", "{}", "even ranks")]
    [InlineData("""{ "peft_type": "LORA", "layer_replication": [[0, 2]] }""", "{}", "layer_replication")]
    [InlineData("""{ "peft_type": "LORA" }""", """{ "lora_plus_ratio": 0 }""", "lora_plus_ratio is 0")]
    [InlineData("""{ "peft_type": "LORA" }""", """{ "words": "x" }""", "start.words")]
    public void BeginTraining_WhatItCannot_IsNamed(string config, string start, string named) =>
        Should.Throw<AdapterOptionException>(() => s_method.BeginTraining(Requests.Of(s_biased, config, start))).Message.ShouldContain(named);

    private static (Tensor Weight, Tensor Part) Taken(string kind)
    {
        PeftTraining training = s_method.BeginTraining(Requests.Of(
            s_biased, $$"""{ "peft_type": "LORA", "r": 6, "lora_alpha": 6, "init_lora_weights": "{{kind}}", "target_modules": ["q_proj"] }"""));
        Tensor b = training.Value(Query + ".lora_B.default.weight");
        return (s_biased.Weight("model.layers.0.self_attn.q_proj"), b.MatMul(training.Value(Query + ".lora_A.default.weight")));
    }

    [Fact]
    public void BeginTraining_TheSameSeed_GivesTheSameStart()
    {
        foreach (string kind in (string[])["true", "\"gaussian\"", "\"pissa\"", "\"orthogonal\""])
        {
            string config = $$"""{ "peft_type": "LORA", "r": 4, "init_lora_weights": {{kind}} }""";
            float[][] Start(int seed) => [.. s_method.BeginTraining(Requests.Of(s_biased, config, seed: seed)).Parameters.Select(p => p.Elements())];
            Start(9).ShouldBe(Start(9));
            if (kind != "\"pissa\"")
            {
                Start(9)[0].ShouldNotBe(Start(10)[0]);
            }
        }
    }
}
