using SkPeft.Peft.Dept;
using SkPeft.PeftPlugins.Tests.Training;
using SkPeft.Tensors.SelfTests;
using SkPeft.Testing;

namespace SkPeft.PeftPlugins.Tests.Dept;

public sealed class DeptTests
{
    private const string Config = """{ "peft_type": "SKPEFT_DEPT", "num_virtual_tokens": 2, "r": 4, "lora_alpha": 6, "max_length": 5 }""";

    private static readonly ModelSizes s_sizes = new()
    {
        Layers = 1, HiddenSize = 6, Heads = 2, KeyValueHeads = 1, HeadDim = 4, IntermediateSize = 8, VocabularySize = 13,
    };

    private static readonly DeptMethod s_method = new();

    [Theory]
    [InlineData(0, 3)] // inside the table
    [InlineData(0, 8)] // over its end
    [InlineData(4, 1)] // the last row, as decoding reaches it
    [InlineData(5, 1)] // just behind it
    public void BuildEffects_OfRandomFactors_AddTheScaledProductByPosition(int first, int count)
    {
        Random random = new(5);
        Tensor a = RandomTensors.Normal(random, 1, 5, 4), b = RandomTensors.Normal(random, 1, 4, 6), prompt = RandomTensors.Normal(random, 1, 2, 6);
        Tensor text = RandomTensors.Normal(random, 1, count, 6);

        IReadOnlyList<Effect> effects = s_method.Load(SelfCheck.Adapter(Config, ("lora_A", a), ("lora_B", b), ("prompt_embeddings", prompt)), new ModelShape(s_sizes))
            .BuildEffects(new TinyBase(s_sizes));

        effects[0].ShouldBeOfType<PromptEmbeddingsEffect>().Embeddings.Data.ToArray().ShouldBe(prompt.Data.ToArray());
        Tensor changed = effects[1].ShouldBeAssignableTo<TokenEmbeddingEffect>()!.Apply(new int[count], first, text);
        for (int i = 0; i < count; i++)
        {
            for (int c = 0; c < 6; c++)
            {
                double added = first + i < 5 ? Enumerable.Range(0, 4).Sum(r => (double)a.Row(first + i)[r] * b.Row(r)[c]) * 6 / 2 : 0;
                ((double)changed.Row(i)[c]).ShouldBe(text.Row(i)[c] + added, 1e-5);
            }
        }
    }

    [Fact]
    public void BeginTraining_WithoutAWord_LeavesTheTextAsItIsAndHasTwoGroups()
    {
        PeftTraining training = s_method.BeginTraining(Requests.Of(ReferenceLlama.Random(s_sizes, 1), """{ "peft_type": "SKPEFT_DEPT" }"""));

        training.Parameters.Select(p => (p.Name, p.Group)).ShouldBe([("prompt_embeddings", "prompt"), ("lora_A", "table"), ("lora_B", "table")]);
        Tensor text = RandomTensors.Normal(new Random(1), 1, 3, 6);
        ((TokenEmbeddingEffect)training.BuildEffects(new TinyBase(s_sizes), 0)[1]).Apply([0, 0, 0], 0, text).Data.ToArray().ShouldBe(text.Data.ToArray());
        training.Value("lora_A").Data.ToArray().ShouldAllBe(v => v != 0);
        AdapterPackage exported = training.Export().ShouldHaveSingleItem();
        exported.Config.GetProperty("max_length").GetInt32().ShouldBe(training.Value("lora_A")[0]);
        s_method.Load(exported, new ModelShape(s_sizes)).MatchedModules.ShouldBe(["model.embed_tokens"]);
    }

    [Fact]
    public void Load_SizesBelowOne_AreRefusedTogether() =>
        Should.Throw<AdapterOptionException>(() => s_method.Load(SelfCheck.Adapter("""{ "peft_type": "SKPEFT_DEPT", "r": 0, "max_length": -1 }"""), new ModelShape(s_sizes)))
            .Problems.Count.ShouldBe(3);
}
