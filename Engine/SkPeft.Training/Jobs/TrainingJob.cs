using System.Text.Json;

namespace SkPeft.Training;

/// <summary>One adapter to be trained.</summary>
public sealed record AdapterPlan
{
    /// <summary>
    /// Its name for messages, its configuration (<c>peft_type</c> at least), and the tensors beside it: those that a method freezes (the
    /// projections of VeRA and RandLoRA) are taken from there.
    /// </summary>
    public required AdapterPackage Package { get; init; }

    /// <summary>Start values under their training names, all of them; null: the method's own start.</summary>
    public IReadOnlyDictionary<string, Tensor>? Initial { get; init; }

    /// <summary>How the method is to start; see <see cref="TrainingRequest.Start"/>.</summary>
    public JsonElement Start { get; init; }

    /// <summary>How it learns.</summary>
    public LearningSettings Learning { get; init; } = new();

    /// <summary>Where its files go; null: nowhere, the result has them.</summary>
    public string? Folder { get; init; }
}

/// <summary>A training run.</summary>
public sealed record TrainingJob
{
    /// <summary>The adapters. They see the same batches, and share the frozen base's share of the work.</summary>
    public required IReadOnlyList<AdapterPlan> Adapters { get; init; }

    /// <summary>The lines to learn from.</summary>
    public required TrainingData Data { get; init; }

    /// <summary>Held-out lines, or null.</summary>
    public TrainingData? Evaluation { get; init; }

    /// <summary>How the run goes through them.</summary>
    public LoopSettings Loop { get; init; } = new();

    /// <summary>A file that gets one line a step, or null.</summary>
    public string? Log { get; init; }

    /// <summary>Whether to go on from the checkpoint in the first adapter's folder, if there is one.</summary>
    public bool Resume { get; init; }
}
