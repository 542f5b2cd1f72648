using SkPeft.Training.Checkpoints;
using SkPeft.Training.Data;

namespace SkPeft.Training.Loop;

/// <summary>Steps, evaluations and checkpoints, in an order that depends on the settings only.</summary>
internal sealed class TrainingLoop(LoopParts parts)
{
    private static readonly TimeSpan s_checkpointInterval = TimeSpan.FromSeconds(30);

    private readonly RunHistory _history = new();
    private long _saved;

    /// <summary>Goes through the steps that are left.</summary>
    /// <param name="resume">Whether to go on from the checkpoint, if there is one.</param>
    /// <param name="cancellation">Ends the run behind a step; a checkpoint is written first.</param>
    /// <exception cref="TrainingDivergedException">Something is not a finite number.</exception>
    public RunHistory Run(bool resume, CancellationToken cancellation)
    {
        RunState state = new(parts.Learners, _history);
        int steps = parts.Plan.Steps;
        int step = 0;
        if (resume && parts.Checkpoint?.Read(parts.Keys) is { } checkpoint)
        {
            state.Restore(checkpoint.Tensors);
            step = checkpoint.Step;
        }

        parts.OnStart(_history);
        _saved = parts.Time.GetTimestamp();
        try
        {
            EvaluateWhenDue(state, step, cancellation);
            for (; step < steps && !StopsEarly(); step++)
            {
                cancellation.ThrowIfCancellationRequested();
                Step(step, steps);
                EvaluateWhenDue(state, step + 1, cancellation);
                if (IsDue(step + 1))
                {
                    Save(state, step + 1);
                }
            }

            EvaluateOnce(state, step, cancellation);
        }
        catch (OperationCanceledException)
        {
            // Also in the middle of an evaluation: whoever resumes begins with it.
            Save(state, _history.Steps.Count);
            throw;
        }

        if (KeepsBest)
        {
            state.TakeBest();
        }

        return _history;
    }

    private bool KeepsBest => parts.Evaluator.HasExamples && (parts.Settings.KeepBest ?? parts.Settings.Patience is not null);

    private bool StopsEarly() => _history.Evaluations.Count > 0 && _history.SinceBest > 0 && _history.SinceBest >= parts.Settings.Patience;

    private void Step(int step, int steps)
    {
        long start = parts.Time.GetTimestamp();
        StepOutcome outcome = Learn(step, parts.Learners, [.. parts.Plan.At(step).Select(i => parts.Examples[i])], bilevel: false);
        foreach (Learner learner in parts.Learners)
        {
            learner.AfterStep(step, steps);
            RequireFinite(learner, step);
        }

        Learner[] bilevel = [.. parts.Learners.Where(l => l.HasBilevel)];
        if (bilevel.Length > 0)
        {
            Learn(step, bilevel, [.. parts.BilevelPlan!.At(step).Select(i => parts.BilevelExamples[i])], bilevel: true);
            Array.ForEach(bilevel, learner => RequireFinite(learner, step));
        }

        StepRecord record = new(step, outcome.Losses[0], parts.Learners[0].RateAt(step), outcome.Tokens,
            parts.Time.GetElapsedTime(start).TotalSeconds, outcome.Losses[1..]);
        _history.Add(record);
        parts.OnStep(record);
    }

    private StepOutcome Learn(int step, IReadOnlyList<Learner> learners, IReadOnlyList<Example> examples, bool bilevel)
    {
        foreach (Learner learner in learners)
        {
            learner.Begin(bilevel);
        }

        StepOutcome outcome = parts.Runner.Run(learners, examples, Seeds.OfStep(parts.Settings.Seed, step, bilevel));
        for (int i = 0; i < learners.Count; i++)
        {
            Learner learner = learners[i];
            TrainingParameter? broken = learner.Gradients.FirstBroken();
            if (!double.IsFinite(outcome.Losses[i]) || broken is not null)
            {
                string where = broken is null ? "" : $"; the first gradient that is not finite is that of '{broken.Name}'";
                throw Diverged(step, $"the loss of {learner.Name} is {outcome.Losses[i]}{where}");
            }

            learner.Update(step);
        }

        return outcome;
    }

    private void RequireFinite(Learner learner, int step)
    {
        foreach (TrainingParameter parameter in learner.Trained)
        {
            if (!System.Numerics.Tensors.TensorPrimitives.IsFiniteAll<float>(parameter.Value.Data))
            {
                throw Diverged(step, $"the parameter '{parameter.Name}' of {learner.Name} is not finite behind the step");
            }
        }
    }

    private TrainingDivergedException Diverged(int step, string what) =>
        new(step, what, parts.Checkpoint?.LastStep is null ? null : parts.Checkpoint.Path, parts.Checkpoint?.LastStep ?? 0);

    private void EvaluateWhenDue(RunState state, int step, CancellationToken cancellation)
    {
        if (step > 0 && step % (parts.Settings.EvaluateEvery ?? int.MaxValue) == 0)
        {
            EvaluateOnce(state, step, cancellation);
        }
    }

    private void EvaluateOnce(RunState state, int step, CancellationToken cancellation)
    {
        if (!parts.Evaluator.HasExamples || (_history.Evaluations.Count > 0 && _history.Evaluations[^1][0].Step == step))
        {
            return;
        }

        Evaluation[] evaluations = [.. parts.Learners.Select(l => parts.Evaluator.Run(l, step, cancellation))];
        _history.Add(evaluations);
        if (KeepsBest && _history.SinceBest == 0)
        {
            state.KeepBest();
        }

        parts.OnEvaluation(evaluations);
    }

    private bool IsDue(int step) => parts.Settings.CheckpointEvery is { } every
        ? step % every == 0
        : parts.Time.GetElapsedTime(_saved) >= s_checkpointInterval;

    private void Save(RunState state, int step)
    {
        parts.Checkpoint?.Write(new Checkpoint(step, parts.Keys, state.Save()));
        _saved = parts.Time.GetTimestamp();
    }
}
