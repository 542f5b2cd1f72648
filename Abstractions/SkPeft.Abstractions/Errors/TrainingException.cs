namespace SkPeft;

/// <summary>A training run cannot begin, go on or be resumed.</summary>
/// <param name="message">What happened, and the next step.</param>
/// <param name="inner">The cause.</param>
public sealed class TrainingException(string message, Exception? inner = null) : SkPeftException("training", message, inner);

/// <summary>A training run computed something that is not a finite number, and stopped.</summary>
/// <param name="step">The step, from 0.</param>
/// <param name="what">What it was, for instance <c>the gradient of 'lora_A' is NaN</c>.</param>
/// <param name="checkpoint">The last checkpoint from before, or null where none was written.</param>
/// <param name="checkpointStep">How many steps it has behind it.</param>
public sealed class TrainingDivergedException(int step, string what, string? checkpoint, int checkpointStep)
    : SkPeftException("training-diverged",
        $"Step {step}: {what}. " +
        (checkpoint is null ? "No checkpoint was written yet. " : $"The last good checkpoint is {checkpoint} (after {checkpointStep} steps). ") +
        "Lower the learning rate, or clip gradients (--clip 1).")
{
    /// <summary>The step, from 0.</summary>
    public int Step { get; } = step;

    /// <summary>The last checkpoint from before, or null.</summary>
    public string? Checkpoint { get; } = checkpoint;
}
