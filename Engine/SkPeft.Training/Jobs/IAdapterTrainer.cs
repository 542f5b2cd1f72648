namespace SkPeft.Training;

/// <summary>Trains adapters on the model that is open, also while it serves.</summary>
public interface IAdapterTrainer
{
    /// <summary>Runs a job on a thread of its own.</summary>
    /// <param name="job">The job.</param>
    /// <param name="progress">Hears of every step, on the training thread or wherever it posts to; null: nobody.</param>
    /// <param name="cancellationToken">Ends the run behind a step; a checkpoint is written first, where there is a folder for it.</param>
    /// <exception cref="DataLineException">A line of the data cannot be used.</exception>
    /// <exception cref="TrainingException">The run cannot begin or be resumed, or would not fit the memory.</exception>
    /// <exception cref="TrainingDivergedException">Something became infinite, or no number at all.</exception>
    Task<TrainingResult> TrainAsync(TrainingJob job, IProgress<TrainingProgress>? progress = null, CancellationToken cancellationToken = default);
}
