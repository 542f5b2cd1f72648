using SkPeft.Training;
using SkPeft.Training.Scoring;

namespace SkPeft.Host.Training;

/// <summary>What became of an adapter in the store.</summary>
/// <param name="Name">Its name there.</param>
/// <param name="Report">What was done.</param>
internal sealed record StoredAdapter(string Name, PromotionReport Report);

/// <summary>
/// Hands what a run wrote to a store: every adapter under its own name, and where a run exports one for each task, every one of them under
/// that name and its own.
/// </summary>
/// <param name="gate">Compares, adds and promotes.</param>
/// <param name="request">The names, and what must be better.</param>
/// <param name="job">The run.</param>
internal sealed class StoreStep(PromotionGate gate, StoreRequest request, TrainingJob job)
{
    /// <summary>Adds all of them, in the order of the run.</summary>
    /// <exception cref="StoreException">A task's name makes one that the store does not take.</exception>
    /// <exception cref="TrainingException">Two would have the same name.</exception>
    public async Task<IReadOnlyList<StoredAdapter>> RunAsync(TrainingResult result, CancellationToken cancellation)
    {
        PromotionRequest[] requests = [.. result.Adapters.SelectMany(RequestsOf)];
        if (requests.GroupBy(r => r.Name).FirstOrDefault(g => g.Count() > 1) is { } twice)
        {
            throw new TrainingException(
                $"{string.Join(" and ", twice.Select(r => r.Folder))} would both be '{twice.Key}' in the store, and nothing was added. Add them under names of your own with 'skpeft adapters add NAME FOLDER'.");
        }

        List<StoredAdapter> stored = [];
        foreach (PromotionRequest one in requests)
        {
            stored.Add(new StoredAdapter(one.Name, await gate.RunAsync(one, cancellation)));
        }

        return stored;
    }

    private IEnumerable<PromotionRequest> RequestsOf(TrainedAdapter adapter, int index)
    {
        string name = request.Names[index];
        return adapter.Folders.Count == 1
            ? [RequestOf(name, adapter.Folders[0], null)]
            : [.. adapter.Folders.Select((folder, task) => RequestOf(NameOfTask(name, adapter.Packages[task].Name), folder, task))];
    }

    // Tasks without names of their own are called after the adapter already.
    private static string NameOfTask(string name, string task) =>
        AdapterReference.CheckName(task.StartsWith($"{name}-", StringComparison.Ordinal) ? task : $"{name}-{task}");

    private PromotionRequest RequestOf(string name, string folder, int? task) => new()
    {
        Name = name,
        Folder = folder,
        Alias = request.Promote,
        Metric = request.Metric is null ? null : request.Metric == "accuracy" ? GateMetric.Accuracy : GateMetric.Loss,
        StandardErrors = request.StandardErrors,
        HeldOut = job.Evaluation,
        Task = task,
        Aggregation = job.Loop.Aggregation,
    };
}
