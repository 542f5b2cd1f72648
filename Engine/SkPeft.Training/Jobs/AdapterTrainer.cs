using SkPeft.Engine;

namespace SkPeft.Training;

/// <summary>Trains adapters with the methods of a catalog. Runs are independent of each other and of serving; each has threads of its own.</summary>
/// <param name="model">The frozen base; must stay open until the last run has ended.</param>
/// <param name="catalog">Where methods come from.</param>
/// <param name="time">The clock; null: the system's.</param>
public sealed class AdapterTrainer(LanguageModel model, IPeftMethodCatalog catalog, TimeProvider? time = null) : IAdapterTrainer
{
    /// <inheritdoc/>
    public Task<TrainingResult> TrainAsync(TrainingJob job, IProgress<TrainingProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(job);
        return Task.Factory.StartNew(Run, cancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);

        TrainingResult Run()
        {
            using TrainingRun run = new(model, catalog, job, time ?? TimeProvider.System, progress);
            return run.Run(cancellationToken);
        }
    }
}
