using SkPeft.Testing;

namespace SkPeft.Training.Tests.Forward;

/// <summary>The training forward and its gradients against the plain reference in double precision, for any set of effects.</summary>
public sealed class TrainingForwardTests
{
    private static readonly ModelSizes s_sizes = new()
    {
        Layers = 3, HiddenSize = 24, Heads = 4, KeyValueHeads = 2, HeadDim = 6, IntermediateSize = 32, VocabularySize = 41, AttentionBias = true, MlpBias = true,
    };

    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, 24)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void TokenLosses_UnderAnyEffects_AreTheReferencesAndSoAreTheirSlopes(int seed)
    {
        Random random = new(seed);
        ReferenceLlama reference = ReferenceLlama.Random(s_sizes with { TiedEmbeddings = seed % 3 == 0, KeyValueHeads = seed % 2 == 0 ? 2 : 1 }, seed);
        TrainableEffects effects = TrainableEffects.Any(random, reference.Shape, 5);
        (TrainableEffects?, int[], int)[] batch = [.. Enumerable.Range(0, 3).Select(_ => Sequence(random, effects))];

        ShouldBeTheReferences(random, reference, effects, batch, threads: 1 + (seed % 2));
    }

    [Theory]
    [InlineData(21)]
    [InlineData(22)]
    [InlineData(23)]
    public void TokenLosses_WithSoftTokensInTheText_AreTheReferencesAndSoAreTheirSlopes(int seed)
    {
        Random random = new(seed);
        ReferenceLlama reference = ReferenceLlama.Random(s_sizes, seed);
        TrainableEffects effects = TrainableEffects.WithSlots(random, reference.Shape, 3);
        (TrainableEffects?, int[], int)[] batch = [(effects, [-1, 5, 6, -3, -2, 7, 1, 2], 6), (effects, [4, -2, -1, 8, -3, 9, 9], 5), (effects, [-3, -2, -1, 3, 4], 3)];

        ShouldBeTheReferences(random, reference, effects, batch, threads: 1);
    }

    private static void ShouldBeTheReferences(
        Random random, ReferenceLlama reference, TrainableEffects effects, (TrainableEffects?, int[], int)[] batch, int threads)
    {
        using ForwardRun run = new(reference, threads);
        (float[] losses, Tensor?[] gradients) = run.Differentiate(batch, effects.Parameters);

        double[] expected = [.. batch.SelectMany(s => Losses(reference, effects, s.Item2, s.Item3))];
        losses.Length.ShouldBe(expected.Length);
        for (int i = 0; i < losses.Length; i++)
        {
            ((double)losses[i]).ShouldBe(expected[i], 2e-4 * Math.Max(1, expected[i]));
        }

        // The slope along a random direction, by central differences of the reference.
        for (int p = 0; p < effects.Parameters.Count; p++)
        {
            Tensor parameter = effects.Parameters[p];
            float[] direction = [.. Enumerable.Range(0, parameter.Length).Select(_ => random.NextSingle() - 0.5f)];
            const float Step = 1e-2f;
            double slope = (Objective(reference, effects, batch, parameter, direction, Step) - Objective(reference, effects, batch, parameter, direction, -Step)) / (2 * Step);
            double found = gradients[p] is { } g ? g.Data.ToArray().Zip(direction, (a, b) => (double)a * b).Sum() : 0;
            found.ShouldBe(slope, 2e-3 + (5e-3 * Math.Abs(slope)), $"parameter {p} of shape {parameter.ShapeText}");
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Differentiate_AdaptersSideBySide_EachGetsWhatItGetsAlone(int seed)
    {
        Random random = new(seed);
        ReferenceLlama reference = ReferenceLlama.Random(s_sizes, seed);
        TrainableEffects first = TrainableEffects.Any(random, reference.Shape, 6), second = TrainableEffects.Any(random, reference.Shape, 6);
        (TrainableEffects?, int[], int)[] batch = [Sequence(random, first), Sequence(random, second), Sequence(random, null), Sequence(random, first)];
        using ForwardRun run = new(reference);

        (float[] losses, Tensor?[] gradients) = run.Differentiate(batch, [.. first.Parameters, .. second.Parameters]);

        // Every sequence has three tokens with loss, and weights repeat every three tokens.
        losses.ShouldBe([.. batch.SelectMany(s => run.Differentiate([s], []).Losses)], 1e-4f);
        Tensor[] parameters = [.. first.Parameters, .. second.Parameters];
        Tensor?[][] alone = [.. batch.Select(s => run.Differentiate([s], parameters).Gradients)];
        for (int p = 0; p < parameters.Length; p++)
        {
            double[] sum = new double[parameters[p].Length];
            foreach (Tensor gradient in alone.Where(a => a.Length > 0).Select(a => a[p]).OfType<Tensor>())
            {
                for (int i = 0; i < sum.Length; i++)
                {
                    sum[i] += gradient.Data[i];
                }
            }

            float[] together = gradients[p]?.Data.ToArray() ?? new float[sum.Length];
            Norm([.. sum.Zip(together, (a, b) => a - b)]).ShouldBeLessThan(1e-4 * Math.Max(1, Norm(sum)), $"parameter {p} of shape {parameters[p].ShapeText}");
        }
    }

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    [InlineData(13)]
    [InlineData(14)]
    public void Differentiate_RecomputingBlocksOrOnTwoThreads_GivesTheSameBits(int seed)
    {
        ReferenceLlama reference = ReferenceLlama.Random(s_sizes, seed);
        TrainableEffects effects = TrainableEffects.Any(new Random(seed), reference.Shape, 6);
        (TrainableEffects?, int[], int)[] batch = [Sequence(new Random(seed), effects), Sequence(new Random(seed + 1), effects)];
        using ForwardRun kept = new(reference), recomputed = new(reference, recompute: true), threaded = new(reference, threads: 2);

        (float[] losses, Tensor?[] gradients) = kept.Differentiate(batch, effects.Parameters);

        foreach (ForwardRun other in new[] { recomputed, threaded, kept })
        {
            (float[] again, Tensor?[] same) = other.Differentiate(batch, effects.Parameters);
            again.ShouldBe(losses);
            for (int p = 0; p < gradients.Length; p++)
            {
                (same[p]?.Data.ToArray()).ShouldBe(gradients[p]?.Data.ToArray());
            }
        }
    }

    private static (TrainableEffects?, int[], int) Sequence(Random random, TrainableEffects? effects)
    {
        int prompt = random.Next(1, 9);
        return (effects, [.. Enumerable.Range(0, prompt + 3).Select(_ => random.Next(s_sizes.VocabularySize))], prompt);
    }

    private static double[] Losses(ReferenceLlama reference, TrainableEffects effects, int[] ids, int prompt)
    {
        Tensor logits = reference.Logits(ids, prompt, effects.Build());
        return [.. Enumerable.Range(prompt, ids.Length - prompt).Select(t =>
        {
            float[] row = logits.Row(t - 1).ToArray();
            double largest = row.Max();
            return largest + Math.Log(row.Sum(v => Math.Exp(v - largest))) - row[ids[t]];
        })];
    }

    private static double Objective(
        ReferenceLlama reference, TrainableEffects effects, (TrainableEffects?, int[] Ids, int Prompt)[] batch, Tensor parameter, float[] direction, float step)
    {
        float[] before = parameter.Data.ToArray();
        for (int i = 0; i < before.Length; i++)
        {
            parameter.Data[i] += step * direction[i];
        }

        double[] losses = [.. batch.SelectMany(s => Losses(reference, effects, s.Ids, s.Prompt))];
        before.CopyTo(parameter.Data);
        Tensor weights = ForwardRun.Weights(losses.Length);
        return losses.Select((l, i) => l * weights.Data[i]).Sum();
    }

    private static double Norm(double[] values) => Math.Sqrt(values.Sum(v => v * v));
}
