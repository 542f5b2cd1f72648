using SkPeft.Tensors.Differentiation;
using SkPeft.Tensors.Training;
using SkPeft.Training.Data;
using SkPeft.Training.Forward;
using SkPeft.Training.Objectives;

namespace SkPeft.Training.Loop;

/// <summary>What was computed for a step.</summary>
/// <param name="Losses">The loss of each learner, without penalties.</param>
/// <param name="Tokens">Tokens of the step's sequences, virtual ones not counted; those of one learner.</param>
internal sealed record StepOutcome(double[] Losses, int Tokens);

/// <summary>
/// Computes losses and gradients of a step. All learners see the same examples in one call of the forward: the frozen base's products run
/// once for the rows of all of them.
/// </summary>
/// <param name="forward">The forward.</param>
/// <param name="objective">The loss.</param>
/// <param name="memory">Memory of activations and gradients, freed behind every part.</param>
/// <param name="parts">How a step is cut.</param>
/// <param name="penalties">Whether the methods' own penalties are added.</param>
internal sealed class StepRunner(ITrainingForward forward, IStepObjective objective, RunMemory memory, StepParts parts, bool penalties)
{
    /// <summary>Computes the losses, and leaves the gradients with the learners.</summary>
    /// <param name="learners">The adapters.</param>
    /// <param name="examples">The step's examples.</param>
    /// <param name="key">The key of what the step drops; all learners draw from it as they would alone.</param>
    public StepOutcome Run(IReadOnlyList<Learner> learners, IReadOnlyList<Example> examples, ulong key)
    {
        int[] rows = new int[learners.Count];
        double[] counts = objective.Counts(examples);
        double[] losses = new double[learners.Count];
        foreach (Example[] part in parts.Of(examples))
        {
            RunPart(learners, part, counts, losses, key, rows);
            memory.Recycle();
        }

        foreach (Learner learner in learners.Where(_ => penalties))
        {
            if (learner.Penalty() is { NeedsGradient: true } penalty)
            {
                learner.Gradients.Add(Gradients.Of(penalty, memory.Gradients));
                memory.Recycle();
            }
        }

        return new StepOutcome(losses, examples.Sum(e => objective.PassagesOf(e).Sum(p => p.Ids.Length)));
    }

    private void RunPart(IReadOnlyList<Learner> learners, Example[] part, double[] counts, double[] losses, ulong key, int[] rows)
    {
        Tensor result = objective.Run(forward, [.. learners.SelectMany((l, i) => SequencesOf(l, part, key, ref rows[i]))]);
        float[] values = result.Data.ToArray(), slopes = new float[values.Length];
        int share = values.Length / learners.Count;
        for (int i = 0; i < learners.Count; i++)
        {
            losses[i] += objective.Add(part, values.AsMemory(i * share, share), slopes.AsMemory(i * share, share), counts);
        }

        if (result.NeedsGradient)
        {
            Gradients gradients = Gradients.Of(result, Tensor.From(slopes, result.Shape), memory.Gradients);
            foreach (Learner learner in learners)
            {
                learner.Gradients.Add(gradients);
            }
        }
    }

    private TrainingSequence[] SequencesOf(Learner learner, Example[] part, ulong key, ref int rows)
    {
        using StepDraws draws = new(key, rows);
        TrainingSequence[] sequences = [.. Sequences.Of(learner, part, objective.PassagesOf)];
        rows += sequences.Sum(s => s.Effects.PromptRows + s.Ids.Length);
        return sequences;
    }
}
