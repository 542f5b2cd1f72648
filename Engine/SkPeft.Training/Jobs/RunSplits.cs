using SkPeft.Training.Data;
using SkPeft.Training.Loop;

namespace SkPeft.Training;

/// <summary>Which examples a run learns from, tunes bilevel groups on, and measures on; and in which order.</summary>
internal sealed record RunSplits(
    IReadOnlyList<Example> Training, BatchPlan Plan, IReadOnlyList<Example> Bilevel, BatchPlan? BilevelPlan, IReadOnlyList<Example> Evaluation)
{
    /// <exception cref="TrainingException">There are too few lines to split.</exception>
    public static RunSplits Of(LoopSettings settings, RunData data, IReadOnlyList<Learner> learners)
    {
        IReadOnlyList<Example> training = data.Training.Examples, bilevel = [], evaluation = data.Evaluation?.Examples ?? [];
        if (settings.ValidationShare > 0 && evaluation.Count == 0)
        {
            DataSplit split = DataSplit.Of(training, settings.ValidationShare, Seeds.Mix(settings.Seed, Seeds.Validation), "validation");
            (training, evaluation) = (split.Kept, split.Apart);
        }

        if (learners.Any(l => l.HasBilevel))
        {
            DataSplit split = DataSplit.Of(training, settings.BilevelShare, Seeds.Mix(settings.Seed, Seeds.Bilevel), "bilevel groups");
            (training, bilevel) = (split.Kept, split.Apart);
        }

        return new RunSplits(training, PlanOf(training, 0), bilevel, bilevel.Count == 0 ? null : PlanOf(bilevel, 1), evaluation);

        BatchPlan PlanOf(IReadOnlyList<Example> examples, int part) =>
            new([.. examples.Select(e => e.LongestPassage)], settings, Seeds.Mix(settings.Seed, part));
    }
}
