using SkPeft.Training.Checkpoints;
using SkPeft.Training.Data;

namespace SkPeft.Training.Loop;

/// <summary>What a loop goes round with.</summary>
internal sealed record LoopParts
{
    /// <summary>The adapters; they see the same batches.</summary>
    public required IReadOnlyList<Learner> Learners { get; init; }

    /// <summary>Losses and gradients.</summary>
    public required StepRunner Runner { get; init; }

    /// <summary>The examples, and which of them a step uses.</summary>
    public required IReadOnlyList<Example> Examples { get; init; }

    /// <summary>Which of the examples a step uses.</summary>
    public required BatchPlan Plan { get; init; }

    /// <summary>The examples of bilevel groups; empty where there are none.</summary>
    public IReadOnlyList<Example> BilevelExamples { get; init; } = [];

    /// <summary>Which of them a step uses.</summary>
    public BatchPlan? BilevelPlan { get; init; }

    /// <summary>Measures on held-out lines.</summary>
    public required Evaluator Evaluator { get; init; }

    /// <summary>The settings.</summary>
    public required LoopSettings Settings { get; init; }

    /// <summary>Where checkpoints go; null: nowhere.</summary>
    public CheckpointFile? Checkpoint { get; init; }

    /// <summary>What the run was asked for.</summary>
    public IReadOnlyDictionary<string, string> Keys { get; init; } = new Dictionary<string, string>();

    /// <summary>Hears of what was done before, once: of nothing, or of a checkpoint.</summary>
    public Action<RunHistory> OnStart { get; init; } = _ => { };

    /// <summary>Hears of every step.</summary>
    public Action<StepRecord> OnStep { get; init; } = _ => { };

    /// <summary>Hears of every evaluation.</summary>
    public Action<IReadOnlyList<Evaluation>> OnEvaluation { get; init; } = _ => { };

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
