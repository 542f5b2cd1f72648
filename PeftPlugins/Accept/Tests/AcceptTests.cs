using SkPeft.Peft.Accept;
using SkPeft.Tensors.SelfTests;

namespace SkPeft.PeftPlugins.Tests.Accept;

public sealed class AcceptTests
{
    private const string Both = """
        { "peft_type": "SKPEFT_ACCEPT", "num_virtual_tokens": 3, "sub_dim": 2, "codewords": 5, "scap": true, "max_length": 4, "scap_sub_dim": 3, "scap_codewords": 2 }
        """;

    private static readonly ModelShape s_shape = new(new ModelSizes
    {
        Layers = 1, HiddenSize = 6, Heads = 1, KeyValueHeads = 1, HeadDim = 2, IntermediateSize = 2, VocabularySize = 3,
    });

    private static readonly AcceptMethod s_method = new();

    [Fact]
    public void SelfTest_OfTheShippedMethod_Passes() => s_method.SelfTest();

    [Fact]
    public void BuildEffects_OfBothPrompts_ComposesEverySubspace()
    {
        Dictionary<string, Tensor> tensors = Tensors();

        PeftModule module = s_method.Load(Package(Both, tensors), s_shape);
        IReadOnlyList<Effect> effects = module.BuildEffects(new TinyBase(s_shape.Sizes));

        module.MatchedModules.ShouldBe(["model.embed_tokens"]);
        effects.Count.ShouldBe(2);
        ShouldBeRows(effects[0].ShouldBeOfType<PromptEmbeddingsEffect>().Embeddings, 3, (i, c) => Composed(tensors["prompt_weight"], tensors["codebook_prompt"], i, c));
        Tensor added = effects[1].ShouldBeAssignableTo<TokenEmbeddingEffect>()!.Apply(new int[4], 0, new Tensor(4, 6));
        ShouldBeRows(added, 4, (i, c) => Composed(tensors["scap_weight"], tensors["codebook_scap"], i, c));
    }

    [Theory]
    [InlineData(0, 2)]  // inside the table
    [InlineData(0, 7)]  // over its end
    [InlineData(3, 1)]  // the last row, as decoding reaches it
    [InlineData(3, 5)]
    [InlineData(4, 1)]  // just behind it
    [InlineData(1000000, 3)]
    [InlineData(int.MaxValue, 1)]
    [InlineData(2, 0)]
    public void Apply_AnyPartOfTheText_AddsTheRowsOfItsPositions(int first, int count)
    {
        Dictionary<string, Tensor> tensors = Tensors();
        TokenEmbeddingEffect effect = (TokenEmbeddingEffect)s_method.Load(Package(Both, tensors), s_shape).BuildEffects(new TinyBase(s_shape.Sizes))[1];
        Tensor text = Random(9, count, 6);
        float[] before = text.Data.ToArray();

        Tensor result = effect.Apply(new int[count], first, text);

        ShouldBeRows(result, count, (i, c) => before[(i * 6) + c] + (first + (long)i < 4 ? Composed(tensors["scap_weight"], tensors["codebook_scap"], first + i, c) : 0));
        text.Data.ToArray().ShouldBe(before);
    }

    [Fact]
    public void BuildEffects_WithoutScap_IsAPromptAlone()
    {
        Dictionary<string, Tensor> tensors = Tensors();
        tensors.Remove("scap_weight");
        tensors.Remove("codebook_scap");

        s_method.Load(Package(Both.Replace("true", "false", StringComparison.Ordinal), tensors), s_shape).BuildEffects(new TinyBase(s_shape.Sizes))
            .ShouldHaveSingleItem().ShouldBeOfType<PromptEmbeddingsEffect>();
    }

    [Fact]
    public void Load_ScapSwitchedOffButSaved_IsNotDropped() =>
        Should.Throw<AdapterShapeException>(() => s_method.Load(Package(Both.Replace("true", "false", StringComparison.Ordinal), Tensors()), s_shape))
            .Message.ShouldContain("scap_weight");

    [Fact]
    public void Load_SubspacesThatDoNotFillTheHiddenSize_AreRefusedTogether()
    {
        string config = """{ "peft_type": "SKPEFT_ACCEPT", "num_virtual_tokens": 3, "sub_dim": 4, "codewords": 0, "scap": true, "max_length": 0, "scap_sub_dim": 5, "scap_codewords": 2 }""";

        AdapterOptionException error = Should.Throw<AdapterOptionException>(() => s_method.Load(Package(config, Tensors()), s_shape));

        error.Problems.Count.ShouldBe(4);
        error.Message.ShouldContain("sub_dim is 4; it must divide the hidden size of this model, 6");
    }

    [Theory]
    [InlineData("prompt_weight")]
    [InlineData("codebook_prompt")]
    [InlineData("scap_weight")]
    [InlineData("codebook_scap")]
    public void Load_ATensorMissing_IsNamed(string name)
    {
        Dictionary<string, Tensor> tensors = Tensors();
        tensors.Remove(name);

        Should.Throw<AdapterShapeException>(() => s_method.Load(Package(Both, tensors), s_shape)).Tensor.ShouldBe(name);
    }

    private static AdapterPackage Package(string config, Dictionary<string, Tensor> tensors) =>
        SelfCheck.Adapter(config, [.. tensors.Select(t => (t.Key, t.Value))]);

    private static Dictionary<string, Tensor> Tensors() => new()
    {
        ["prompt_weight"] = Random(1, 3, 3, 5),
        ["codebook_prompt"] = Random(2, 3, 5, 2),
        ["scap_weight"] = Random(3, 4, 2, 2),
        ["codebook_scap"] = Random(4, 2, 2, 3),
    };

    private static double Composed(Tensor weights, Tensor codebook, int row, int column)
    {
        int codewords = codebook[1];
        int width = codebook[2];
        int subspace = column / width;
        return Enumerable.Range(0, codewords).Sum(j =>
            (double)weights.Row(row)[(subspace * codewords) + j] * codebook.Row(subspace)[(j * width) + (column % width)]);
    }

    private static void ShouldBeRows(Tensor found, int rows, Func<int, int, double> expected)
    {
        found.ShapeText.ShouldBe($"[{rows}, 6]");
        for (int i = 0; i < rows; i++)
        {
            for (int c = 0; c < 6; c++)
            {
                ((double)found.Row(i)[c]).ShouldBe(expected(i, c), 1e-5, $"at [{i}, {c}]");
            }
        }
    }

    private static Tensor Random(int seed, params int[] shape)
    {
        Random random = new(seed);
        Tensor tensor = new(shape);
        for (int i = 0; i < tensor.Length; i++)
        {
            tensor.Data[i] = (float)(random.NextDouble() - 0.5);
        }

        return tensor;
    }
}
