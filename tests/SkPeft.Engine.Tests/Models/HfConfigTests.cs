using System.Text.Json.Nodes;
using SkPeft.Engine.Models;
using SkPeft.Testing;

namespace SkPeft.Engine.Tests.Models;

public sealed class HfConfigTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private LlamaConfig Read(JsonObject config) => LlamaConfigReader.FromHfConfigJson(_folder.Write("config.json", config.ToJsonString()));

    private LlamaConfig ReadWith(params (string Key, string? Json)[] changes) => Read(With(changes));

    private static JsonObject With(params (string Key, string? Json)[] changes)
    {
        JsonObject config = new TinyModel().Config;
        foreach ((string key, string? json) in changes)
        {
            config.Remove(key);
            if (json is not null)
            {
                config[key] = JsonNode.Parse(json);
            }
        }

        return config;
    }

    [Fact]
    public void Read_AbsentKeys_HaveTheDefaultsOfTransformers()
    {
        LlamaConfig config = ReadWith(("rope_theta", null), ("rms_norm_eps", null), ("max_position_embeddings", null), ("tie_word_embeddings", null), ("attention_bias", null),
            ("mlp_bias", null), ("head_dim", null), ("num_key_value_heads", null), ("hidden_act", null), ("bos_token_id", null), ("eos_token_id", null), ("architectures", null));

        config.RopeTheta.ShouldBe(10000);
        config.RmsEpsilon.ShouldBe(1e-6);
        config.MaxPositions.ShouldBe(2048);
        config.Sizes.KeyValueHeads.ShouldBe(4);
        config.Sizes.HeadDim.ShouldBe(2);
        (config.Sizes.TiedEmbeddings, config.Sizes.AttentionBias, config.Sizes.MlpBias).ShouldBe((false, false, false));
        config.BosTokenId.ShouldBe(1);
        config.EosTokenIds.ShouldBe([2]);
    }

    [Fact]
    public void Read_NullTokens_AreNone()
    {
        LlamaConfig config = ReadWith(("bos_token_id", "null"), ("eos_token_id", "null"));

        config.BosTokenId.ShouldBeNull();
        config.EosTokenIds.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("""{"type":"linear","factor":4}""", 4)]
    [InlineData("""{"rope_type":"linear","factor":2.5}""", 2.5)]
    [InlineData("""{"rope_type":"linear","type":"linear","factor":8.0}""", 8)]
    public void Read_LinearScaling_InEverySpelling(string json, double factor)
    {
        LlamaConfig config = ReadWith(("rope_scaling", json));

        config.RopeScaling.ShouldBe(new LinearRopeScaling(factor));
        config.InverseFrequencies().ShouldBe([1 / factor, Math.Pow(500, -0.5) / factor]);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"rope_type":"default"}""")]
    [InlineData("""{"type":"default","factor":3}""")]
    public void Read_DefaultScaling_IsNone(string json) => ReadWith(("rope_scaling", json)).RopeScaling.ShouldBeNull();

    [Fact]
    public void Read_RopeParametersOfTransformers5_HoldThetaAndScaling()
    {
        LlamaConfig config = ReadWith(("rope_theta", null), ("rope_parameters",
            """{"rope_theta":70000.0,"rope_type":"llama3","factor":8.0,"low_freq_factor":1.0,"high_freq_factor":4.0,"original_max_position_embeddings":64}"""));

        config.RopeTheta.ShouldBe(70000);
        config.RopeScaling.ShouldBe(new Llama3RopeScaling(8, 1, 4, 64));
    }

    [Fact]
    public void InverseFrequencies_Llama3_KeepShortWavesDivideLongOnesAndBlendBetween()
    {
        LlamaConfig config = ReadWith(("head_dim", "8"), ("rope_theta", "10000.0"),
            ("rope_scaling", """{"rope_type":"llama3","factor":8,"low_freq_factor":1,"high_freq_factor":4,"original_max_position_embeddings":64}"""));

        // Frequencies 1, 0.1, 0.01, 0.001: wavelengths 6.28 (short), 62.83 (between 16 and 64), 628 and 6283 (long).
        double smooth = (64 / (20 * Math.PI) - 1) / 3;
        double[] expected = [1, (1 - smooth) * 0.1 / 8 + smooth * 0.1, 0.00125, 0.000125];
        double[] found = config.InverseFrequencies();
        for (int i = 0; i < 4; i++)
        {
            found[i].ShouldBe(expected[i], 1e-12);
        }
    }

    [Fact]
    public void Read_MistralWithoutAWindow_IsALlama()
    {
        (string, string?)[] mistral = [("architectures", """["MistralForCausalLM"]"""), ("model_type", "\"mistral\"")];

        ReadWith([.. mistral, ("sliding_window", "null")]).Sizes.Layers.ShouldBe(2);
        Should.Throw<UnsupportedModelException>(() => ReadWith([.. mistral, ("sliding_window", "4096")])).Option.ShouldBe("sliding_window");
        Should.Throw<UnsupportedModelException>(() => ReadWith(mistral)).Found.ShouldContain("absent");
    }

    [Theory]
    [InlineData("architectures", """["Qwen2ForCausalLM"]""")]
    [InlineData("architectures", """["LlamaForSequenceClassification"]""")]
    [InlineData("model_type", "\"granite\"")]
    [InlineData("model_type", "\"mistral\"")]
    [InlineData("hidden_act", "\"gelu\"")]
    [InlineData("quantization_config", """{"quant_method":"gptq","bits":4}""")]
    [InlineData("pretraining_tp", "2")]
    [InlineData("partial_rotary_factor", "0.5")]
    [InlineData("sliding_window", "128")]
    [InlineData("num_local_experts", "8")]
    [InlineData("auto_map", """{"AutoModelForCausalLM":"modeling_x.X"}""")]
    [InlineData("layer_types", """["full_attention","sliding_attention"]""")]
    [InlineData("logit_scale", "0.0625")]
    [InlineData("embedding_multiplier", "12")]
    [InlineData("attn_logit_softcapping", "50.0")]
    [InlineData("is_encoder_decoder", "true")]
    public void Read_UnsupportedOption_IsRefusedByNameAndValue(string key, string json)
    {
        UnsupportedModelException error = Should.Throw<UnsupportedModelException>(() => ReadWith((key, json)));

        error.Option.ShouldBe(key);
        error.Message.ShouldContain(_folder.PathOf("config.json"));
        error.Message.ShouldContain(error.Found);
    }

    [Theory]
    [InlineData("pretraining_tp", "1")]
    [InlineData("quantization_config", "null")]
    [InlineData("partial_rotary_factor", "1.0")]
    [InlineData("layer_types", """["full_attention","full_attention"]""")]
    [InlineData("num_experts", "0")]
    [InlineData("unsloth_version", "\"2025.1\"")]
    [InlineData("hidden_act", "\"swish\"")]
    public void Read_OptionsThatChangeNothing_AreAccepted(string key, string json) => ReadWith((key, json)).Sizes.ShouldBe(new TinyModel().Sizes);

    [Theory]
    [InlineData("""{"rope_type":"yarn","factor":4}""", "rope_scaling.rope_type")]
    [InlineData("""{"type":"dynamic","factor":4}""", "rope_scaling.type")]
    [InlineData("""{"rope_type":"longrope","short_factor":[1]}""", "rope_scaling.short_factor")]
    [InlineData("""{"rope_type":"default","mrope_section":[16,24,24]}""", "rope_scaling.mrope_section")]
    [InlineData("""{"rope_type":"linear","factor":2,"partial_rotary_factor":0.5}""", "rope_scaling.partial_rotary_factor")]
    public void Read_OtherRopeKinds_AreRefusedByName(string json, string option) =>
        Should.Throw<UnsupportedModelException>(() => ReadWith(("rope_scaling", json))).Option.ShouldBe(option);

    [Theory]
    [InlineData("""{"rope_type":"linear"}""", "rope_scaling.factor")]
    [InlineData("""{"rope_type":"linear","factor":0}""", "rope_scaling.factor")]
    [InlineData("""{"rope_type":"linear","factor":-2}""", "rope_scaling.factor")]
    [InlineData("""{"rope_type":"linear","factor":1e999}""", "rope_scaling.factor")]
    [InlineData("""{"rope_type":"linear","factor":"2"}""", "rope_scaling.factor")]
    [InlineData("""{"rope_type":"linear","type":"llama3","factor":2}""", "rope_scaling.type")]
    [InlineData("""{"factor":2}""", "rope_scaling.rope_type")]
    [InlineData("""{"rope_type":7}""", "rope_scaling.rope_type")]
    [InlineData("\"linear\"", "rope_scaling")]
    [InlineData("""{"rope_type":"llama3","factor":8,"low_freq_factor":4,"high_freq_factor":4,"original_max_position_embeddings":64}""", "rope_scaling.high_freq_factor")]
    [InlineData("""{"rope_type":"llama3","factor":8,"low_freq_factor":1,"high_freq_factor":4}""", "rope_scaling.original_max_position_embeddings")]
    public void Read_BadScaling_NamesTheField(string json, string field) =>
        Should.Throw<FileFormatException>(() => ReadWith(("rope_scaling", json))).Field.ShouldBe(field);

    [Fact]
    public void Read_TwoScalingsOrThetasThatDisagree_AreRefused()
    {
        Should.Throw<FileFormatException>(() => ReadWith(("rope_scaling", """{"rope_type":"linear","factor":2}"""), ("rope_parameters", """{"rope_type":"default"}""")))
            .Field.ShouldBe("rope_parameters");
        Should.Throw<FileFormatException>(() => ReadWith(("rope_parameters", """{"rope_theta":9}"""))).Field.ShouldBe("rope_parameters.rope_theta");
    }

    [Theory]
    [InlineData("hidden_size", "0")]
    [InlineData("hidden_size", "-8")]
    [InlineData("hidden_size", "8.0")]
    [InlineData("hidden_size", "\"8\"")]
    [InlineData("hidden_size", "99999999999999999999")]
    [InlineData("num_hidden_layers", "1000000")]
    [InlineData("num_hidden_layers", "0")]
    [InlineData("num_attention_heads", "0")]
    [InlineData("num_key_value_heads", "3")]
    [InlineData("num_key_value_heads", "8")]
    [InlineData("head_dim", "3")]
    [InlineData("head_dim", "0")]
    [InlineData("intermediate_size", "2147483647")]
    [InlineData("vocab_size", "2000000000")]
    [InlineData("max_position_embeddings", "0")]
    [InlineData("rms_norm_eps", "0")]
    [InlineData("rms_norm_eps", "-1e-5")]
    [InlineData("rope_theta", "-10000")]
    [InlineData("rope_theta", "1e999")]
    [InlineData("tie_word_embeddings", "1")]
    [InlineData("attention_bias", "\"true\"")]
    [InlineData("bos_token_id", "10")]
    [InlineData("eos_token_id", "-1")]
    [InlineData("eos_token_id", "[2,\"3\"]")]
    [InlineData("architectures", "\"LlamaForCausalLM\"")]
    [InlineData("architectures", "[]")]
    [InlineData("architectures", "[1]")]
    public void Read_AbsurdValues_NameTheField(string key, string json)
    {
        FileFormatException error = Should.Throw<FileFormatException>(() => ReadWith((key, json)));

        error.Field.ShouldBe(key);
        error.Message.ShouldContain("expected");
    }

    [Theory]
    [InlineData("hidden_size")]
    [InlineData("num_hidden_layers")]
    [InlineData("num_attention_heads")]
    [InlineData("intermediate_size")]
    [InlineData("vocab_size")]
    public void Read_MissingSizes_AreNamed(string key) => Should.Throw<FileFormatException>(() => ReadWith((key, null))).Field.ShouldBe(key);

    [Fact]
    public void Read_NoHeadDim_NeedsHeadsThatDivide() =>
        Should.Throw<FileFormatException>(() => ReadWith(("head_dim", null), ("num_attention_heads", "3"), ("num_key_value_heads", "3"))).Field.ShouldBe("num_attention_heads");

    [Theory]
    [InlineData("[]")]
    [InlineData("")]
    [InlineData("{\"hidden_size\":8,\"hidden_size\":8}")]
    [InlineData("{\"a\":\"\\ud800\"}")]
    [InlineData("{} {}")]
    public void Read_NoJsonObject_IsAnError(string text) =>
        Should.Throw<FileFormatException>(() => LlamaConfigReader.FromHfConfigJson(_folder.Write("config.json", text)));

    [Fact]
    public void Read_BytesThatAreNoUtf8OrDeepNesting_AreErrors()
    {
        Should.Throw<FileFormatException>(() => LlamaConfigReader.FromHfConfigJson(_folder.Write("config.json", [0x7B, 0x22, 0xFF, 0x22, 0x3A, 0x31, 0x7D])))
            .Found.ShouldContain("UTF-8");
        Should.Throw<FileFormatException>(() => LlamaConfigReader.FromHfConfigJson(_folder.Write("config.json", $"{{\"a\":{new string('[', 200_000)}")));
        Should.Throw<FileAccessException>(() => LlamaConfigReader.FromHfConfigJson(_folder.PathOf("none.json")));
    }
}
