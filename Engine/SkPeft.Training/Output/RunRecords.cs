using SkPeft.Training.Loop;

namespace SkPeft.Training.Output;

/// <summary>The records of a run: one for each adapter that has a folder.</summary>
internal sealed class RunRecords(IReadOnlyList<AdapterPlan> adapters) : IDisposable
{
    private readonly (AdapterPlan Plan, RunRecord Record)[] _all =
        [.. adapters.Select((plan, i) => (plan, i)).Where(a => a.plan.Folder is not null).Select(a => (a.plan, new RunRecord(a.plan.Folder!, a.i)))];

    public void Begin(string model, TrainingOutline outline, RunHistory history)
    {
        foreach ((AdapterPlan plan, RunRecord record) in _all)
        {
            record.Begin(plan, model, outline, history);
        }
    }

    public void Add(StepRecord step) => Array.ForEach(_all, a => a.Record.Add(step));

    public void Add(IReadOnlyList<Evaluation> evaluations) => Array.ForEach(_all, a => a.Record.Add(evaluations));

    public void End(int steps, bool stoppedEarly) => Array.ForEach(_all, a => a.Record.End(steps, stoppedEarly));

    public void Dispose() => Array.ForEach(_all, a => a.Record.Dispose());
}
