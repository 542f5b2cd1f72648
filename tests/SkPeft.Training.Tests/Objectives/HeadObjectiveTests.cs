using SkPeft.Training.Data;
using SkPeft.Training.Objectives;

namespace SkPeft.Training.Tests.Objectives;

public sealed class HeadObjectiveTests
{
    [Fact]
    public void The_loss_is_the_mean_cross_entropy_and_slopes_are_its_own()
    {
        HeadObjective objective = new();
        Example[] examples = [Of(2), Of(0)];
        float[] scores = [0.3f, -1, 2, 1, 1, -0.5f], slopes = new float[6];
        double[] counts = objective.Counts(examples);

        double loss = objective.Add(examples, scores, slopes, counts);

        double first = Math.Log(Math.Exp(0.3) + Math.Exp(-1) + Math.Exp(2)) - 2, second = Math.Log(Math.Exp(1) + Math.Exp(1) + Math.Exp(-0.5)) - 1;
        loss.ShouldBe((first + second) / 2, 1e-6);
        for (int i = 0; i < scores.Length; i++)
        {
            float[] more = [.. scores], less = [.. scores];
            more[i] += 1e-3f;
            less[i] -= 1e-3f;
            double slope = (objective.Add(examples, more, new float[6], counts) - objective.Add(examples, less, new float[6], counts)) / (more[i] - less[i]);
            ((double)slopes[i]).ShouldBe(slope, 1e-4);
        }
    }

    private static Example Of(int label) => new() { Line = 1, Class = label, Passages = [new Passage([1, 2], 2, 2)] };
}
