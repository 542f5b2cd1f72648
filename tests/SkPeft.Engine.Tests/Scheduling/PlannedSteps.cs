using SkPeft.Engine.Adapters;
using SkPeft.Engine.Memory;
using SkPeft.Engine.Scheduling;
using SkPeft.Tensors.Kernels;

namespace SkPeft.Engine.Tests.Scheduling;

/// <summary>The planner without a model: its steps are counted as run, and how long steps take is what a test says.</summary>
internal sealed class PlannedSteps : IDisposable
{
    private readonly KvPagePool _pool = new(new KvPageLayout(1, 1, 16));
    private readonly PrefixCache _cache;
    private readonly StepPace _pace = new();
    private readonly StepPlanner _planner;
    private readonly Dictionary<SequenceJob, int> _lengths = [];

    public PlannedSteps(SchedulerOptions options)
    {
        _cache = new PrefixCache(_pool, 0);
        _planner = new StepPlanner(options.Validated(), _pool, _cache, _pace, layers: 1);
    }

    public int Running => _planner.Running.Count;

    public int Waiting => _planner.Line.Count;

    public int WaitingOf(string tenant) => _planner.Line.Jobs.Count(j => j.Terms.Tenant == tenant);

    /// <summary>From now on a step takes so long.</summary>
    public void Takes(double fixedMilliseconds, double millisecondsPerRow)
    {
        // More steps than are remembered, of sizes that show the line.
        for (int i = 0; i < 2000; i++)
        {
            int rows = 1 + (i % 200);
            _pace.Add(rows, TimeSpan.FromMilliseconds(fixedMilliseconds + (millisecondsPerRow * rows)));
        }
    }

    /// <summary>The time that the pace gives a step.</summary>
    public TimeSpan TimeOf(IEnumerable<StepEntry> entries) => _pace.Estimate(entries.Sum(e => e.Count));

    /// <summary>A text that waits for its prompt to be read and its answer to be generated.</summary>
    public SequenceJob Ask(int promptTokens, int answerTokens, string tenant = "")
    {
        SequenceJob job = new(EffectPlan.Empty, Precision.Exact, new JobTerms(tenant)) { Reader = new Answering(), InstructionTokens = promptTokens };
        job.Ids.AddRange(Enumerable.Range(0, promptTokens));
        _lengths[job] = promptTokens + answerTokens;
        _planner.Line.Add(job, _planner.Running);
        return job;
    }

    /// <summary>Plans a step and counts it as run.</summary>
    public IReadOnlyList<StepEntry> Step()
    {
        IReadOnlyList<StepEntry> entries = _planner.Plan();
        foreach (StepEntry entry in entries)
        {
            SequenceJob job = entry.Job;
            job.Sequence!.Started = true;
            job.Sequence.Advance(entry.Count, entry.Count);
            job.InStep = false;
            _planner.Line.Charge(job.Terms.Tenant, entry.Count);
            if (entry.EndsText && job.Ids.Count == _lengths[job])
            {
                End(job);
            }
            else if (entry.EndsText)
            {
                job.Ids.Add(0);
            }
        }

        return entries;
    }

    public void Dispose()
    {
        foreach (SequenceJob job in _lengths.Keys.ToArray())
        {
            End(job);
        }

        _cache.Dispose();
        _pool.Dispose();
    }

    private void End(SequenceJob job)
    {
        _planner.Remove(job);
        job.Release();
        _lengths.Remove(job);
    }

    private sealed class Answering : RowReader
    {
        public override bool WantsNext => true;
    }
}
