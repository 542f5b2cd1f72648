using SkPeft.Training;
using SkPeft.Training.Optimisation;

namespace SkPeft.RealRuns.Tests;

/// <summary>A recorded run once more, by the trainer that users have: the same start, lines, order, schedule and rate.</summary>
internal sealed class RepeatedRun(RealBase real, RecordedRun recorded, int comparedSteps) : IProgress<TrainingProgress>, IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly List<double> _losses = [];

    /// <summary>The loss of every step that was made.</summary>
    public IReadOnlyList<double> Losses => _losses;

    /// <summary>The evaluation behind the last step, or null where the run was ended before.</summary>
    public Evaluation? Evaluation { get; private set; }

    /// <summary>Runs it: whole, or as far as is wanted and the budget has room for.</summary>
    public async Task RunAsync()
    {
        TrainingJob job = new()
        {
            Adapters =
            [
                new AdapterPlan
                {
                    Package = recorded.Configuration(),
                    Initial = recorded.InitialState(),
                    Learning = new LearningSettings { Rate = recorded.Rate, Schedule = RateShape.Linear },
                },
            ],
            Data = RecordedTask.Training(recorded.Task, recorded.Batch * recorded.Losses.Count),
            Evaluation = RunBudget.Extent == Extent.Whole ? RecordedTask.Test(recorded.Task, recorded.Evaluated) : null,

            // All steps, though the run may end before: the schedule depends on them.
            Loop = new LoopSettings { Steps = recorded.Losses.Count, Batch = recorded.Batch, Threads = Math.Min(Environment.ProcessorCount, 16) },
        };
        try
        {
            TrainingResult result = await new AdapterTrainer(real.Model, real.Methods).TrainAsync(job, this, _stop.Token);
            Evaluation = result.Adapters[0].Evaluation;
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // As was wanted.
        }
    }

    public void Report(TrainingProgress value)
    {
        if (value.Step is not { } step)
        {
            return;
        }

        _losses.Add(step.Loss);
        bool enough = RunBudget.Extent != Extent.Whole && _losses.Count >= comparedSteps;
        bool mayEnd = !RunBudget.IsAlwaysRun(recorded.Name);
        if (enough || (mayEnd && RunBudget.IsUsedUp))
        {
            _stop.Cancel();
        }
    }

    public void Dispose() => _stop.Dispose();
}
