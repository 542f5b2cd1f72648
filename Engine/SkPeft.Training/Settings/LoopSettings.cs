using SkPeft.Training.Objectives;

namespace SkPeft.Training;

/// <summary>In which order lines are used.</summary>
public enum LineOrder
{
    /// <summary>Step k uses lines [k · batch, k · batch + batch), from the start again when they run out.</summary>
    File,

    /// <summary>Likewise, of another seeded shuffle in every epoch.</summary>
    Shuffle,
}

/// <summary>What is minimised.</summary>
public enum LossKind
{
    /// <summary>Mean negative log-likelihood of the completion's tokens.</summary>
    CrossEntropy,

    /// <summary>−log of the true class's words against the whole vocabulary.</summary>
    Words,

    /// <summary>−log of the true class's words against those of the other classes.</summary>
    Classes,

    /// <summary>−log(1 − p) of the wrong classes' tokens.</summary>
    Unlikelihood,

    /// <summary>Cross-entropy over classes of mean log-probabilities per token.</summary>
    Ranking,
}

/// <summary>How a run goes through its data.</summary>
public sealed record LoopSettings
{
    /// <summary>Steps; null: by <see cref="Epochs"/>.</summary>
    public int? Steps { get; init; }

    /// <summary>How often all lines are used, where no steps are given.</summary>
    public double Epochs { get; init; } = 1;

    /// <summary>Lines a step.</summary>
    public int Batch { get; init; } = 8;

    /// <summary>Lines that run through the model at one time, their gradients being accumulated; null: as many as make about 512 rows, soft tokens included. The result is the same but for rounding.</summary>
    public int? MicroBatch { get; init; }

    /// <summary>The order of lines.</summary>
    public LineOrder Order { get; init; } = LineOrder.File;

    /// <summary>Within how many batches a shuffle puts lines of like length together; 0: nowhere.</summary>
    public int Bucket { get; init; }

    /// <summary>The seed of start values, shuffles and splits: the same seed gives the same run, bit for bit, on the same machine.</summary>
    public int Seed { get; init; }

    /// <summary>What is minimised: the sum of these.</summary>
    public IReadOnlyList<LossKind> Losses { get; init; } = [LossKind.CrossEntropy];

    /// <summary>How the words of a class become its score.</summary>
    public WordAggregation Aggregation { get; init; }

    /// <summary>Whether the method's own penalty is added.</summary>
    public bool Penalty { get; init; } = true;

    /// <summary>The share of training lines that bilevel groups have for themselves.</summary>
    public double BilevelShare { get; init; } = 0.1;

    /// <summary>The share of training lines that is set apart for evaluation where no file is given; 0: none.</summary>
    public double ValidationShare { get; init; }

    /// <summary>Steps between evaluations; null: only at the end.</summary>
    public int? EvaluateEvery { get; init; }

    /// <summary>How many evaluations in a row may bring no improvement before the run stops; null: it never stops early.</summary>
    public int? Patience { get; init; }

    /// <summary>Whether the parameters of the best evaluation are the result; null: where there is a <see cref="Patience"/>.</summary>
    public bool? KeepBest { get; init; }

    /// <summary>Steps between checkpoints; null: half a minute.</summary>
    public int? CheckpointEvery { get; init; }

    /// <summary>Whether a block keeps only its input, and is computed again on the way back: less memory, a third more time.</summary>
    public bool Recompute { get; init; }

    /// <summary>Bytes that training may take beside the model; null: what is free.</summary>
    public long? MemoryLimit { get; init; }

    /// <summary>Threads; null: those that serving leaves, at least one.</summary>
    public int? Threads { get; init; }
}
