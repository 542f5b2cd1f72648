namespace SkPeft.Training.Scoring;

/// <summary>A round of the closed loop: what to train, and where it belongs if it is better.</summary>
public sealed record ClosedLoopJob
{
    /// <summary>The run, with one adapter and held-out lines. Where its adapter has no folder, a temporary one is used.</summary>
    public required TrainingJob Training { get; init; }

    /// <summary>The adapter's name in the store.</summary>
    public required string Name { get; init; }

    /// <summary>The alias in production.</summary>
    public string Alias { get; init; } = AdapterReference.DefaultAlias;

    /// <summary>What must be better.</summary>
    public GateMetric Metric { get; init; } = GateMetric.Accuracy;

    /// <summary>By how many standard errors of the paired difference; 0: any improvement will do.</summary>
    public double StandardErrors { get; init; }
}

/// <summary>What a round did.</summary>
/// <param name="Training">The run.</param>
/// <param name="Promotion">What became of the adapter.</param>
public sealed record ClosedLoopResult(TrainingResult Training, PromotionReport Promotion);

/// <summary>
/// Trains, compares with what is in production on held-out lines, and promotes only what is better, in the process that serves. Requests
/// that begin after the promotion get the new version; a failed gate, an error or a cancellation leaves the store as it was.
/// </summary>
/// <param name="trainer">Trains.</param>
/// <param name="gate">Compares and promotes.</param>
public sealed class ClosedLoop(IAdapterTrainer trainer, PromotionGate gate)
{
    /// <summary>Runs one round.</summary>
    /// <param name="job">The round.</param>
    /// <param name="progress">Hears of every step of the training; null: nobody.</param>
    /// <param name="cancellationToken">Ends the round; nothing is promoted then.</param>
    /// <exception cref="TrainingException">The job has several adapters or no held-out lines, or its run cannot begin.</exception>
    public async Task<ClosedLoopResult> RunAsync(ClosedLoopJob job, IProgress<TrainingProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(job);
        if (job.Training.Adapters.Count != 1)
        {
            throw new TrainingException($"A round of the closed loop trains one adapter, this one has {job.Training.Adapters.Count}.");
        }

        TrainingData heldOut = job.Training.Evaluation ?? throw new TrainingException("A round of the closed loop compares on held-out lines: give the job an Evaluation.");
        string? temporary = job.Training.Adapters[0].Folder is null ? Directory.CreateTempSubdirectory("skpeft-loop-").FullName : null;
        try
        {
            TrainingJob training = temporary is null ? job.Training : job.Training with { Adapters = [job.Training.Adapters[0] with { Folder = temporary }] };
            TrainingResult result = await trainer.TrainAsync(training, progress, cancellationToken);
            PromotionReport promotion = await gate.RunAsync(new PromotionRequest
            {
                Name = job.Name,
                Folder = result.Adapters[0].Folders is [string folder] ? folder
                    : throw new TrainingException($"The run exported {result.Adapters[0].Folders.Count} adapters, one a task, and a round of the closed loop promotes one. Train each task in a round of its own."),
                Alias = job.Alias,
                Metric = job.Metric,
                StandardErrors = job.StandardErrors,
                HeldOut = heldOut,
                Aggregation = training.Loop.Aggregation,
            }, cancellationToken);
            return new ClosedLoopResult(result, promotion);
        }
        finally
        {
            if (temporary is not null)
            {
                Directory.Delete(temporary, recursive: true);
            }
        }
    }
}
