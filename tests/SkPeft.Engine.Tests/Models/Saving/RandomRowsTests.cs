using SkPeft.Engine.Models.Saving;
using SkPeft.Testing;

namespace SkPeft.Engine.Tests.Models.Saving;

public sealed class RandomRowsTests
{
    private static readonly ModelSizes s_sizes = TinyLlama.Sizes with { HiddenSize = 256, AttentionBias = true };

    [Fact]
    public void Read_TheSameSeed_GivesTheSameNumbersInAnyOrder()
    {
        RandomRows once = new(s_sizes, 7), again = new(s_sizes, 7);
        float[] second = Row(again, "lm_head.weight", 5);
        float[] first = Row(again, "lm_head.weight", 4);

        Row(once, "lm_head.weight", 4).ShouldBe(first);
        Row(once, "lm_head.weight", 5).ShouldBe(second);

        // On every machine: whole numbers times one factor.
        first[..3].ShouldBe([0.023454083f, 0.07497576f, 0.051956106f]);
    }

    [Fact]
    public void Read_AnotherSeedTensorOrRow_GivesOtherNumbers()
    {
        float[][] rows =
        [
            Row(new RandomRows(s_sizes, 7), "lm_head.weight", 0), Row(new RandomRows(s_sizes, 8), "lm_head.weight", 0), Row(new RandomRows(s_sizes, 7), "lm_head.weight", 1),
            Row(new RandomRows(s_sizes, 7), "model.embed_tokens.weight", 0), Row(new RandomRows(s_sizes, 0), "lm_head.weight", 0), Row(new RandomRows(s_sizes, -7), "lm_head.weight", 0),
        ];
        for (int i = 0; i < rows.Length; i++)
        {
            for (int j = 0; j < i; j++)
            {
                Math.Abs(rows[i].Zip(rows[j], (x, y) => x * y).Sum()).ShouldBeLessThan(0.4f, $"rows {i} and {j}"); // Of unit variance in all: 1 for equal rows, 1/16 by chance.
            }
        }
    }

    [Fact]
    public void Read_Weights_HaveMeanZeroAndDeviationOneOverRootOfColumns_NormsAreOne_BiasesZero()
    {
        RandomRows rows = new(s_sizes, 3);
        double[] weights = [.. Enumerable.Range(0, 200).SelectMany(i => Row(rows, "model.embed_tokens.weight", i)).Select(w => w * 16.0)];

        weights.Average().ShouldBe(0, 0.02);
        weights.Average(w => w * w).ShouldBe(1, 0.03);
        weights.Average(w => w * w * w * w).ShouldBe(2.7, 0.15); // 3 for a normal distribution, 1.8 for a flat one.
        Row(rows, "model.norm.weight", 0).ShouldAllBe(w => w == 1);
        float[] bias = [9, 9];
        rows.Read("model.layers.1.self_attn.q_proj.bias", 0, bias);
        bias.ShouldBe([0, 0]);
        Should.Throw<ArgumentException>(() => rows.Read("model.layers.2.mlp.up_proj.weight", 0, bias)).Message.ShouldContain("layers.2");
    }

    private static float[] Row(RandomRows rows, string name, long row)
    {
        float[] values = new float[s_sizes.HiddenSize];
        rows.Read(name, row, values);
        return values;
    }
}
