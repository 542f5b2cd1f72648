using SkPeft.Engine.Models;
using SkPeft.Engine.Models.Loading;
using SkPeft.Tensors.Formats;
using SkPeft.Testing;

namespace SkPeft.Engine.Tests.Models;

public sealed class GoldenSourceTests
{
    public static TheoryData<string> Bases { get; } = [.. SharedFolder.FoldersIn("golden", "tiny", "bases").DefaultIfEmpty("plain")];

    [Theory]
    [MemberData(nameof(Bases))]
    public void Open_EveryTinyBase_HasTheShapesOfItsConfig(string name)
    {
        using IWeightSource source = WeightSource.Open(SharedFolder.PathOf("golden", "tiny", "bases", name));

        ModelSizes sizes = source.Config.Sizes;
        sizes.ShouldBe(new ModelSizes
        {
            Layers = 4,
            HiddenSize = 64,
            Heads = 4,
            KeyValueHeads = name switch { "mha" => 4, "mqa" => 1, _ => 2 },
            HeadDim = name == "head-dim" ? 24 : 16,
            IntermediateSize = 160,
            VocabularySize = 1024,
            TiedEmbeddings = name == "tied",
            AttentionBias = name == "biases",
            MlpBias = name == "biases",
        });
        source.RopeLayout.ShouldBe(RopeLayout.RotateHalf);
        source.Config.RopeTheta.ShouldBe(name == "theta" ? 500000 : 10000);
        source.Config.RmsEpsilon.ShouldBe(name == "theta" ? 1e-6 : 1e-5);
        source.Config.MaxPositions.ShouldBe(512);
        source.Config.BosTokenId.ShouldBe(1);
        source.Config.EosTokenIds.ShouldBe([2]);
        source.Config.RopeScaling.ShouldBe(name switch
        {
            "rope-linear" => new LinearRopeScaling(2),
            "rope-llama3" => new Llama3RopeScaling(8, 1, 4, 64),
            _ => null,
        });

        StoredTensor q = source.Get("model.layers.3.self_attn.q_proj.weight");
        q.Shape.ShouldBe([(long)sizes.QueryWidth, 64L]);
        q.Type.ShouldBe(name switch { "bf16" => TensorType.BF16, "fp16" => TensorType.F16, _ => TensorType.F32 });
        (source.Find("lm_head.weight") is null).ShouldBe(name == "tied");
        (source.Find("model.layers.0.self_attn.o_proj.bias") is not null).ShouldBe(name == "biases");
        source.Read("model.norm.weight").ShouldAllBe(w => w > 0.3f && w < 2f); // The goldens draw norms around 1.
    }

    [Fact]
    public void Open_TheRealModel_ReadsItsHeader()
    {
        using IWeightSource source = WeightSource.Open(SharedFolder.PathOf("models", "smollm2-135m-instruct-q4_1.gguf"));

        source.Config.Sizes.ShouldBe(new ModelSizes
        {
            Layers = 30,
            HiddenSize = 576,
            Heads = 9,
            KeyValueHeads = 3,
            HeadDim = 64,
            IntermediateSize = 1536,
            VocabularySize = 49152,
            TiedEmbeddings = true,
        });
        source.Config.RopeTheta.ShouldBe(100000);
        source.Config.RmsEpsilon.ShouldBe(1e-5, 1e-12);
        source.Config.MaxPositions.ShouldBe(8192);
        source.Config.BosTokenId.ShouldBe(1);
        source.Config.EosTokenIds.ShouldBe([2]);
        source.RopeLayout.ShouldBe(RopeLayout.Interleaved);
        source.Get("model.embed_tokens.weight").Type.ShouldBe(TensorType.Q8_0);
        source.Get("model.layers.29.mlp.down_proj.weight").Shape.ShouldBe([576L, 1536L]);
        source.Gguf!.GetStringArray("tokenizer.ggml.tokens").Length.ShouldBe(49152);
        source.Gguf.GetString("tokenizer.chat_template").ShouldContain("<|im_start|>");
    }
}
