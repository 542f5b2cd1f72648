using SkPeft.Training.Checkpoints;
using SkPeft.Training.Data;
using SkPeft.Training.Loop;
using SkPeft.Training.Objectives;

namespace SkPeft.Training.Tests.Loop;

/// <summary>A whole run over the fakes.</summary>
internal sealed class FakeRun
{
    public FakeRun(LoopSettings settings, LearningSettings? learning = null, int learners = 1, string? checkpoint = null, FakeForward? forward = null, Action<StepRecord>? onStep = null, Func<Tensor?>? penalty = null, float dropout = 0)
    {
        Forward = forward ?? new FakeForward();
        Trainings = [.. Enumerable.Range(0, learners).Select(i => new FakeTraining(i) { PenaltyOf = penalty ?? (() => null), Dropout = dropout })];
        FakeBase model = new();
        Learners = [.. Trainings.Select((t, i) => new Learner($"fake{i}", "test", t, model, learning ?? new LearningSettings { Rate = 0.05 }))];
        RunMemory memory = new();
        IStepObjective objective = TokenObjective.Of(settings.Losses, settings.Aggregation);
        Example[] examples = Examples(20, 1);
        BatchPlan plan = new([.. examples.Select(e => e.LongestPassage)], settings, settings.Seed);
        Array.ForEach(Learners, l => l.Schedule(plan.Steps));
        Example[] bilevel = Examples(6, 2);
        Loop = new TrainingLoop(new LoopParts
        {
            Learners = Learners,
            Runner = new StepRunner(Forward, objective, memory, new StepParts(settings.MicroBatch, _ => 1), settings.Penalty),
            Examples = examples,
            Plan = plan,
            BilevelExamples = bilevel,
            BilevelPlan = new BatchPlan([.. bilevel.Select(e => e.LongestPassage)], settings, 9),
            Evaluator = new Evaluator(Forward, settings.EvaluateEvery is null ? [] : Examples(5, 3), memory, settings, false, 30, 0),
            Settings = settings,
            Checkpoint = checkpoint is null ? null : new CheckpointFile(checkpoint),
            Keys = new Dictionary<string, string> { ["seed"] = $"{settings.Seed}" },
            OnStep = onStep ?? (_ => { }),
        });
    }

    public FakeForward Forward { get; }

    public FakeTraining[] Trainings { get; }

    public Learner[] Learners { get; }

    public TrainingLoop Loop { get; }

    public RunHistory Run(bool resume = false) => Loop.Run(resume, TestContext.Current.CancellationToken);

    /// <summary>All numbers of all parameters.</summary>
    public float[] Numbers => [.. Trainings.SelectMany(t => t.Parameters).SelectMany(p => p.Value.Data.ToArray())];

    private static Example[] Examples(int count, int seed)
    {
        Random random = new(seed);
        return
        [
            .. Enumerable.Range(0, count).Select(i => new Example
            {
                Line = i + 1, Task = i % 2, Passages = [new Passage([.. Enumerable.Range(0, 4 + random.Next(5)).Select(_ => random.Next(200))], 2, 2)],
            }),
        ];
    }
}
