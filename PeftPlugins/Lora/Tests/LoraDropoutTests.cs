using SkPeft.Peft.Lora;
using SkPeft.PeftPlugins.Tests.Conformance;
using SkPeft.PeftPlugins.Tests.Training;
using SkPeft.Tensors.Ops;
using SkPeft.Tensors.Training;
using SkPeft.Testing;

namespace SkPeft.PeftPlugins.Tests.Lora;

/// <summary>Dropout in training, against HF PEFT 0.21's formulas (<c>lora/layer.py</c>, <c>lora/variants.py</c>, <c>lora/dora.py</c>).</summary>
public sealed class LoraDropoutTests
{
    private const string Query = "model.layers.0.self_attn.q_proj";
    private const string InQuery = "base_model.model." + Query;

    private static readonly LoraMethod s_method = new();
    private static readonly ReferenceLlama s_model = MethodSample.Model;

    [Fact]
    public void BuildEffects_EveryLinearModule_HasAMaskOfItsOwnAndTheEmbeddingNone()
    {
        PeftTraining training = Begin("""{ "peft_type": "LORA", "lora_dropout": 0.05, "target_modules": ["q_proj", "v_proj", "embed_tokens"] }""");

        LowRankEffect[] effects = [.. OfStep(training).OfType<LowRankEffect>()];

        effects.Select(e => e.Dropout.ShouldNotBeNull().Key).ShouldBeUnique();
        effects.Length.ShouldBe(2 * s_model.Shape.Sizes.Layers);
        effects.ShouldAllBe(e => e.Dropout!.Probability == 0.05f);
        training.BuildEffects(s_model, 0).OfType<LowRankEffect>().ShouldAllBe(e => e.Dropout == null);
        Tensor embeddings = RandomTensors.Normal(new Random(1), 1, 2, 8);
        Embedded(OfStep(training)).ShouldBe(Embedded(training.BuildEffects(s_model, 0)));

        float[] Embedded(IReadOnlyList<Effect> of) => of.OfType<TokenEmbeddingEffect>().Single().Apply([3, 5], 0, embeddings).Data.ToArray();
    }

    [Theory]
    [InlineData("true", false)]
    [InlineData("true", true)]
    [InlineData("\"pissa\"", false)]
    [InlineData("\"pissa\"", true)]
    public void BuildEffects_OfAStep_ComputeWhatHfDoes(string start, bool dora)
    {
        PeftTraining training = Begin($$"""
            { "peft_type": "LORA", "r": 2, "lora_alpha": 6, "lora_dropout": 0.4, "target_modules": ["layers.0.self_attn.q_proj"], "init_lora_weights": {{start}}, "use_dora": {{(dora ? "true" : "false")}} }
            """);
        Tensor a0 = Copy(training.Value(InQuery + ".lora_A.default.weight")), b0 = Copy(training.Value(InQuery + ".lora_B.default.weight"));
        foreach (TrainingParameter parameter in training.Parameters)
        {
            Tensor noise = RandomTensors.Normal(new Random(parameter.Value.Length), 0.2, [.. parameter.Value.Shape]);
            noise.Add(parameter.Value.Detach()).Data.CopyTo(parameter.Value.Data);
        }

        Tensor a = training.Value(InQuery + ".lora_A.default.weight").Detach(), b = training.Value(InQuery + ".lora_B.default.weight").Detach();
        const float scale = 3;
        IReadOnlyList<Effect> effects = OfStep(training);
        Tensor x = RandomTensors.Normal(new Random(2), 1, 5, 8);
        Tensor seen = x.Dropout(effects.OfType<LowRankEffect>().First(e => e.Dropout is not null).Dropout!);
        Tensor w = s_model.Weight(Query);
        Tensor frozen = start == "true" ? w : w.Subtract(b0.MatMul(a0).Scale(scale));

        Tensor expected = x.MatMulTransposed(frozen);
        Tensor change = seen.MatMulTransposed(a).MatMulTransposed(b).Scale(scale);
        if (dora)
        {
            Tensor lengths = frozen.Add(b.MatMul(a).Scale(scale)).RowNorms();
            Tensor factor = training.Value(InQuery + ".lora_magnitude_vector.default.weight").Detach().Divide(lengths.Reshape(lengths.Length));
            change = seen.MatMulTransposed(frozen).Multiply(factor.AddScalar(-1)).Add(change.Multiply(factor));
        }

        expected = expected.Add(change);
        Tensor found = Apply(effects, x, x.MatMulTransposed(w));
        for (int i = 0; i < expected.Length; i++)
        {
            found.Data[i].ShouldBe(expected.Data[i], 1e-4f);
        }
    }

    private static Tensor Apply(IReadOnlyList<Effect> effects, Tensor x, Tensor y) => effects.Aggregate(y, (sum, effect) => effect switch
    {
        LowRankEffect low => sum.Add((low.Dropout is null ? x : x.Dropout(low.Dropout)).MatMulTransposed(low.A).MatMulTransposed(low.B).Scale(low.Scale)),
        CustomLinearEffect custom => custom.TransformOutput(x, sum),
        _ => throw new InvalidOperationException($"{effect} is not expected here"),
    });

    private static PeftTraining Begin(string config) => s_method.BeginTraining(Requests.Of(s_model, config));

    private static Tensor Copy(Tensor x) => Tensor.From(x.Data, x.Shape);

    private static IReadOnlyList<Effect> OfStep(PeftTraining training)
    {
        using StepDraws draws = new(5);
        return training.BuildEffects(s_model, 0);
    }
}
