using SkPeft.Training.Data;
using SkPeft.Training.Objectives;

namespace SkPeft.Training.Tests.Objectives;

/// <summary>Losses against their formulas, and slopes against central differences.</summary>
public sealed class LossTermTests
{
    private static readonly Example[] s_examples = [Labelled(1, 0, 2, 1, 3), Labelled(2, 1, 1, 2, 2)];

    public static TheoryData<LossKind, WordAggregation> Kinds
    {
        get
        {
            TheoryData<LossKind, WordAggregation> data = [];
            foreach (LossKind kind in Enum.GetValues<LossKind>())
            {
                data.Add(kind, WordAggregation.Sum);
                data.Add(kind, WordAggregation.Mean);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Slopes_are_those_of_the_loss(LossKind kind, WordAggregation aggregation)
    {
        TokenObjective objective = TokenObjective.Of([kind, LossKind.CrossEntropy], aggregation);
        float[] losses = Losses(objective);
        float[] slopes = new float[losses.Length];
        double[] counts = objective.Counts(s_examples);
        objective.Add(s_examples, losses, slopes, counts);

        for (int i = 0; i < losses.Length; i++)
        {
            const float step = 1e-3f;
            float[] more = [.. losses], less = [.. losses];
            more[i] += step;
            less[i] -= step;
            double expected = (objective.Add(s_examples, more, new float[losses.Length], counts) - objective.Add(s_examples, less, new float[losses.Length], counts)) / (more[i] - less[i]);
            ((double)slopes[i]).ShouldBe(expected, 1e-4 + (1e-3 * Math.Abs(expected)), $"token {i}");
        }

        slopes.Any(s => s != 0).ShouldBeTrue();
    }

    [Fact]
    public void A_step_in_parts_is_the_whole_step()
    {
        TokenObjective objective = TokenObjective.Of([LossKind.CrossEntropy, LossKind.Unlikelihood, LossKind.Ranking], WordAggregation.Sum);
        float[] losses = Losses(objective);
        int first = objective.PassagesOf(s_examples[0]).Sum(p => p.Losses);
        double[] counts = objective.Counts(s_examples);
        float[] whole = new float[losses.Length], parts = new float[losses.Length];

        double loss = objective.Add(s_examples, losses, whole, counts);
        double sum = objective.Add(s_examples[..1], losses.AsMemory(0, first), parts.AsMemory(0, first), counts)
            + objective.Add(s_examples[1..], losses.AsMemory(first), parts.AsMemory(first), counts);

        sum.ShouldBe(loss, 1e-12);
        parts.ShouldBe(whole);
    }

    [Fact]
    public void Cross_entropy_is_the_mean_over_the_tokens_that_count()
    {
        Passage masked = new([1, 2, 3, 4], 1, 1) { Mask = [true, false, true] };
        Example[] examples = [new() { Line = 1, Passages = [masked] }, new() { Line = 2, Passages = [new([1, 2], 1, 1)] }];
        float[] slopes = new float[4];

        TokenObjective objective = TokenObjective.Of([LossKind.CrossEntropy], WordAggregation.Sum);
        objective.Add(examples, new float[] { 1, 10, 2, 6 }, slopes, objective.Counts(examples)).ShouldBe(3);

        slopes.ShouldBe([1f / 3, 0, 1f / 3, 1f / 3]);
    }

    [Fact]
    public void Ranking_compares_mean_log_probabilities_per_token()
    {
        Example example = Labelled(1, 0, 2, 1, 0);
        TokenObjective objective = TokenObjective.Of([LossKind.Ranking], WordAggregation.Sum);

        double loss = objective.Add([example], new float[] { 1, 3, 0.5f }, new float[3], [1]);

        loss.ShouldBe(Math.Log(Math.Exp(-2) + Math.Exp(-0.5)) + 2, 1e-6);
    }

    [Fact]
    public void Probabilities_of_a_classs_words_are_added_or_averaged()
    {
        // Class 0 has two words of one token, class 1 has one.
        Example example = new()
        {
            Line = 1, Class = 0, Passages = [],
            Candidates = [new(0, new([9, 1], 1, 1)), new(0, new([9, 2], 1, 1)), new(1, new([9, 3], 1, 1))],
        };
        float[] losses = [-MathF.Log(0.2f), -MathF.Log(0.1f), -MathF.Log(0.5f)];

        Loss(LossKind.Words, WordAggregation.Sum).ShouldBe(-Math.Log(0.3), 1e-6);
        Loss(LossKind.Words, WordAggregation.Mean).ShouldBe(-Math.Log(0.15), 1e-6);
        Loss(LossKind.Classes, WordAggregation.Sum).ShouldBe(-Math.Log(0.3 / 0.8), 1e-6);
        Loss(LossKind.Classes, WordAggregation.Mean).ShouldBe(-Math.Log(0.15 / 0.65), 1e-6);

        double Loss(LossKind kind, WordAggregation aggregation) => TokenObjective.Of([kind], aggregation).Add([example], losses, new float[3], [1]);
    }

    [Fact]
    public void Unlikelihood_of_a_certain_wrong_word_is_finite()
    {
        TokenObjective objective = TokenObjective.Of([LossKind.Unlikelihood], WordAggregation.Sum);
        float[] slopes = new float[2];

        double.IsFinite(objective.Add([Labelled(1, 0, 1, 1, 0)], new float[] { 1, 0 }, slopes, [1])).ShouldBeTrue();
        float.IsFinite(slopes[1]).ShouldBeTrue();
    }

    // The true class's word of some tokens, then words of the other classes.
    private static Example Labelled(int line, int right, params int[] tokens)
    {
        Candidate[] candidates = [.. tokens.Where(t => t > 0).Select((t, i) => new Candidate(i, new Passage([.. Enumerable.Range(5, t + 1)], 1, 1)))];
        return new Example { Line = line, Class = right, Candidates = candidates, Passages = [candidates[right].Passage] };
    }

    private static float[] Losses(TokenObjective objective)
    {
        Random random = new(4);
        return [.. s_examples.SelectMany(objective.PassagesOf).SelectMany(p => Enumerable.Range(0, p.Losses)).Select(_ => (float)(0.2 + (2 * random.NextDouble())))];
    }
}
