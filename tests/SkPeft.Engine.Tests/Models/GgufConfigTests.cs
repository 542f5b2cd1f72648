using SkPeft.Engine.Models;
using SkPeft.Engine.Models.Loading;
using SkPeft.Testing;

namespace SkPeft.Engine.Tests.Models;

public sealed class GgufConfigTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private LlamaConfig Read(Action<GgufBuilder>? change = null, params string[] skip)
    {
        using IWeightSource source = WeightSource.Open(new TinyModel(headDim: 2).WriteGguf(_folder, change, skip));
        return source.Config;
    }

    [Fact]
    public void Read_AbsentKeys_HaveLlamaCppsDefaults()
    {
        LlamaConfig config = Read(null, "llama.attention.key_length", "llama.attention.value_length", "llama.rope.dimension_count", "llama.vocab_size",
            "tokenizer.ggml.bos_token_id", "tokenizer.ggml.eos_token_id");

        config.Sizes.ShouldBe(new TinyModel(headDim: 2).Sizes);
        config.RopeTheta.ShouldBe(500);
        config.BosTokenId.ShouldBeNull();
        config.EosTokenIds.ShouldBeEmpty();
    }

    [Fact]
    public void Read_EndOfTurnTokens_EndAnAnswerToo() =>
        Read(f => f.Add("tokenizer.ggml.eot_token_id", 5u).Add("tokenizer.ggml.eom_token_id", 2u)).EosTokenIds.ShouldBe([2, 5]);

    [Fact]
    public void Read_LinearScaling_InBothSpellings()
    {
        Read(f => f.Add("llama.rope.scaling.type", "linear").Add("llama.rope.scaling.factor", 4f)).RopeScaling.ShouldBe(new LinearRopeScaling(4));
        Read(f => f.Add("llama.rope.scale_linear", 2f)).RopeScaling.ShouldBe(new LinearRopeScaling(2));
        Read(f => f.Add("llama.rope.scaling.type", "none").Add("llama.rope.scaling.factor", 4f)).RopeScaling.ShouldBeNull();
        Read(f => f.Add("llama.rope.scaling.factor", 0f)).RopeScaling.ShouldBeNull();
    }

    [Fact]
    public void Read_RopeFreqs_DivideTheFrequencies()
    {
        using IWeightSource source = WeightSource.Open(new TinyModel().WriteGguf(_folder, f => f.Tensor("rope_freqs.weight", [2], [1f, 8f])));

        source.Config.InverseFrequencies().ShouldBe([1, Math.Pow(500, -0.5) / 8]);
        Should.Throw<FileFormatException>(() => Read(f => f.Tensor("rope_freqs.weight", [2], [1f, 8f]))).Expected.ShouldBe("F32 [1]");
        Should.Throw<FileFormatException>(() => Read(f => f.Tensor("rope_freqs.weight", [1], [0f]))).Field.ShouldBe("tensor 'rope_freqs.weight' [0]");
        Should.Throw<UnsupportedModelException>(() => Read(f => f.Tensor("rope_freqs.weight", [1], [8f]).Add("llama.rope.scaling.factor", 4f)))
            .Found.ShouldContain("rope_freqs.weight");
    }

    [Fact]
    public void Read_HeadCountPerLayer_IsAcceptedWhereAllAreEqual()
    {
        Read(f => f.Add("llama.attention.head_count_kv", 2, 2), "llama.attention.head_count_kv").Sizes.KeyValueHeads.ShouldBe(2);
        Should.Throw<UnsupportedModelException>(() => Read(f => f.Add("llama.attention.head_count_kv", 2, 4), "llama.attention.head_count_kv"))
            .Option.ShouldBe("llama.attention.head_count_kv");
    }

    [Theory]
    [InlineData("llama.expert_count", 8u)]
    [InlineData("llama.attention.sliding_window", 4096u)]
    [InlineData("llama.brand_new_option", 1u)]
    [InlineData("split.count", 3u)]
    public void Read_UnsupportedKeys_AreRefusedByName(string key, uint value)
    {
        UnsupportedModelException error = Should.Throw<UnsupportedModelException>(() => Read(f => f.Add(key, value)));

        error.Option.ShouldBe(key);
        error.Found.ShouldBe($"{value}");
    }

    [Fact]
    public void Read_OtherUnsupportedThings_AreRefusedByName()
    {
        Should.Throw<UnsupportedModelException>(() => Read(f => f.Add("llama.rope.scaling.type", "yarn"))).Option.ShouldBe("llama.rope.scaling.type");
        Should.Throw<UnsupportedModelException>(() => Read(f => f.Add("llama.rope.dimension_count", 1u), "llama.rope.dimension_count")).Option.ShouldBe("llama.rope.dimension_count");
        Should.Throw<UnsupportedModelException>(() => Read(f => f.Add("llama.attention.value_length", 4u), "llama.attention.value_length")).Option.ShouldBe("llama.attention.value_length");
        Should.Throw<UnsupportedModelException>(() => Read(f => f.Add("llama.attention.causal", false))).Option.ShouldBe("llama.attention.causal");
        Should.Throw<UnsupportedModelException>(() => Read(f => f.Add("general.type", "adapter"))).Option.ShouldBe("general.type");
        Read(f => f.Add("llama.expert_count", 0u).Add("llama.attention.causal", true).Add("llama.tensor_data_layout", "Meta AI original pth").Add("general.type", "model"));

        string qwen = _folder.Write("qwen.gguf", new GgufBuilder().Add("general.architecture", "qwen2").Build());
        Should.Throw<UnsupportedModelException>(() => WeightSource.Open(qwen)).Message.ShouldContain("general.architecture is 'qwen2'");
    }

    [Theory]
    [InlineData("llama.block_count")]
    [InlineData("llama.context_length")]
    [InlineData("llama.embedding_length")]
    [InlineData("llama.feed_forward_length")]
    [InlineData("llama.attention.head_count")]
    public void Read_MissingOrAbsurdSizes_AreNamed(string key)
    {
        Should.Throw<FileFormatException>(() => Read(null, key)).Field.ShouldBe(key);
        Should.Throw<FileFormatException>(() => Read(f => f.Add(key, 0u), key)).Field.ShouldBe(key);
        Should.Throw<FileFormatException>(() => Read(f => f.Add(key, uint.MaxValue), key)).Field.ShouldBe(key);
        Should.Throw<FileFormatException>(() => Read(f => f.Add(key, "2"), key)).Field.ShouldBe(key);
        Should.Throw<FileFormatException>(() => Read(f => f.Add(key, 2.0f), key)).Field.ShouldBe(key);
    }

    [Fact]
    public void Read_InconsistentSizes_AreNamed()
    {
        Should.Throw<FileFormatException>(() => Read(f => f.Add("llama.vocab_size", 11u), "llama.vocab_size")).Field.ShouldBe("llama.vocab_size");
        Should.Throw<FileFormatException>(() => Read(f => f.Add("tokenizer.ggml.tokens", "a", "b"))).Field.ShouldBe("tokenizer.ggml.tokens");
        Should.Throw<FileFormatException>(() => Read(f => f.Add("tokenizer.ggml.eot_token_id", 10u))).Field.ShouldBe("tokenizer.ggml.eot_token_id");
        Should.Throw<FileFormatException>(() => Read(f => f.Add("llama.attention.head_count_kv", 3u), "llama.attention.head_count_kv")).Field.ShouldBe("llama.attention.head_count_kv");
        Should.Throw<FileFormatException>(() => Read(null, "model.embed_tokens.weight")).Field.ShouldBe("tensor 'token_embd.weight'");
        Should.Throw<FileFormatException>(() => Read(null, "model.layers.1.post_attention_layernorm.weight")).Field.ShouldBe("tensor 'blk.1.ffn_norm.weight'");
    }
}
