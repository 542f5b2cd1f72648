using SkPeft.Engine.Memory;

namespace SkPeft.Engine.Scheduling;

/// <summary>
/// Decides who runs and what the next step is made of. Answers that stream get their token in every step; prompts are read in pieces that
/// keep the step short for them. Who must give way keeps its pages while nobody needs them.
/// </summary>
/// <remarks>All of it runs under the scheduler's lock.</remarks>
internal sealed class StepPlanner(SchedulerOptions options, KvPagePool pool, PrefixCache cache, StepPace pace, int layers)
{
    // More answers fill a step by themselves: a wrong guess would cost what a token costs.
    private const int MostGuessing = 2;

    private readonly List<SequenceJob> _running = [];
    private long _admissions;
    private long _turn;

    public WaitingLine Line { get; } = new(options.Weights);

    public IReadOnlyList<SequenceJob> Running => _running;

    /// <summary>Jobs that had to give way.</summary>
    public long Preemptions { get; private set; }

    /// <summary>A job that ends or waits for its caller.</summary>
    public void Remove(SequenceJob job)
    {
        _running.Remove(job);
        Line.Remove(job);
    }

    /// <summary>The next step; empty where nothing can run now.</summary>
    public IReadOnlyList<StepEntry> Plan()
    {
        Admit();
        List<SequenceJob> order = InTurn();
        List<StepEntry> entries = [];
        int streams = order.Count(j => !j.IsReading);
        int most = Math.Max(1, options.MaxStepTokens - streams);
        int room = streams == 0 ? options.MaxStepTokens : pace.Room(Longest(streams), streams, most);
        int longest = Math.Min(Stretched(room), most);
        foreach (SequenceJob job in order)
        {
            if (WaitsForFront(job, entries))
            {
                continue;
            }

            (int count, int some) = job.IsReading ? ReadingShare(job, room, longest, streams > 0) : (1, 0);
            int[] guesses = job.IsReading || streams > MostGuessing ? [] : GuessesOf(job);
            if (count > 0 && MakeRoom(job, count + guesses.Length))
            {
                StepEntry entry = new(job, count, guesses) { Layers = some };
                entries.Add(entry);
                job.InStep = true;
                room -= job.IsReading ? entry.Equivalent(count, layers) : 0;
            }
        }

        // Rows of one adapter stand together: its effects run once for all of them.
        return [.. entries.GroupBy(e => e.Job.Plan).SelectMany(g => g)];
    }

    // Virtual rows are computed once: who begins with the same ones as another in this step takes them in the next.
    private bool WaitsForFront(SequenceJob job, List<StepEntry> entries)
    {
        // Who was set aside for the pages of another in this same step has none.
        if (job.Plan.VirtualRows == 0 || job.Pass is not null || job.Sequence is not { Started: false })
        {
            return false;
        }

        if (cache.LacksFront(job.Domain))
        {
            return entries.Any(e => e.Job.Domain == job.Domain && !e.Job.Sequence!.Started)
                || _running.Any(j => j != job && j.Pass is not null && j.Domain == job.Domain);
        }

        if (job.Sequence.PageList.Count == 0)
        {
            Look(job);
        }

        return false;
    }

    private void Look(SequenceJob job) => cache.Begin(job.Domain, job.Ids, Math.Min(job.Reader.FirstRow, job.Ids.Count - 1), job.Sequence!);

    // Nobody gives way for a guess.
    private int[] GuessesOf(SequenceJob job) => pool.Available >= job.Sequence!.PagesFor(1 + job.Guesses.Length) ? job.Guesses : [];

    // Where streams alone take most of the target, prompts still get a third of the engine; but no more than what a token may take.
    private TimeSpan Longest(int streams)
    {
        TimeSpan alone = pace.Estimate(streams) * 1.5;
        TimeSpan longest = alone > options.StepTarget ? alone : options.StepTarget;
        return options.TokenTarget is { } target && target < longest ? target : longest;
    }

    private void Admit()
    {
        while (Line.Best() is { } job)
        {
            SequenceJob? giving = _running.Count >= options.MaxRunning ? GivingWay(job) : null;
            if ((_running.Count >= options.MaxRunning && giving is null) || !Fits(job))
            {
                return;
            }

            if (giving is not null)
            {
                SetAside(giving);
            }

            Line.Remove(job);
            job.State = JobState.Running;
            job.Admission = ++_admissions;
            _running.Add(job);
        }
    }

    // Its prompt's pages, and a step that stays short for those that stream.
    private bool Fits(SequenceJob job)
    {
        if (options.TokenTarget is { } target && _running.Count > 0 && pace.Estimate(_running.Count + 1) > target)
        {
            return false;
        }

        bool isNew = job.Sequence is null;
        if (isNew)
        {
            job.Sequence = new Sequence(pool, job.Plan);
            Look(job);
        }

        bool fits = Free(job.Sequence!.PagesFor(job.Sequence.RowsOf(job.Pending)), job, mayTake: false);
        if (!fits && isNew)
        {
            // Something better may be remembered by the time that there is room.
            job.Release();
        }

        return fits;
    }

    // Whose place a waiting job may take: that of a lower priority; or where its tenant has less than its share, that of one that has more.
    private SequenceJob? GivingWay(SequenceJob waiting)
    {
        SequenceJob? least = Latest(_running.Where(j => j.Terms.Priority < waiting.Terms.Priority));
        if (least is not null)
        {
            return least;
        }

        string[] tenants = [.. _running.Concat(Line.Jobs).Select(j => j.Terms.Tenant).Distinct()];
        double weights = tenants.Sum(Line.WeightOf);
        double Share(string tenant) => options.MaxRunning * Line.WeightOf(tenant) / weights;
        int Places(string tenant) => _running.Count(j => j.Terms.Tenant == tenant);
        if (Places(waiting.Terms.Tenant) + 1 > Math.Max(1, Share(waiting.Terms.Tenant)))
        {
            return null;
        }

        string? greedy = tenants.Where(t => Places(t) > Math.Max(1, Share(t))).MaxBy(t => Places(t) - Share(t));
        return greedy is null ? null : Latest(_running.Where(j => j.Terms.Tenant == greedy && j.Terms.Priority <= waiting.Terms.Priority));
    }

    // Only those that can be set aside: a reader of all rows would see them twice.
    private static SequenceJob? Latest(IEnumerable<SequenceJob> jobs) =>
        jobs.Where(j => j.Reader.WantsNext && !j.InStep).MaxBy(j => j.Admission);

    private void SetAside(SequenceJob job)
    {
        _running.Remove(job);
        job.State = JobState.Waiting;
        Line.Add(job, _running, first: true);
        Preemptions++;
    }

    // One precision a step; where both are asked for they take turns. Streams first, then prompts by priority and by what their tenants have had.
    private List<SequenceJob> InTurn()
    {
        var kinds = _running.Where(j => j.Pending > 0).GroupBy(j => j.Precision).OrderBy(g => g.Key).ToArray();
        return kinds.Length == 0 ? [] :
        [
            .. kinds[_turn++ % kinds.Length]
                .OrderBy(j => j.IsReading)
                .ThenByDescending(j => j.Terms.Priority)
                .ThenBy(j => Line.Served(j.Terms.Tenant))
                .ThenBy(j => j.Admission),
        ];
    }

    // Tokens of a prompt that this step reads. A generator of soft tokens reads the whole instruction at once: where that would hold up answers
    // that stream, it goes through a few layers a step, by itself. One that fits a step, or nearly, waits for a step with that much room instead: beside
    // the other rows it costs less.
    private (int Count, int Layers) ReadingShare(SequenceJob job, int room, int longest, bool someStream)
    {
        int count = Math.Min(job.Pending, room);
        bool generates = job.Plan.GeneratedRows > 0 && job.Sequence is not { Started: true };
        if (job.Pass is null && !(generates && count < job.InstructionTokens))
        {
            return (count, 0);
        }

        int whole = job.Pass?.Segment.Ids.Length ?? job.InstructionTokens;
        if (job.Pass is null && (!someStream || whole <= longest))
        {
            return (!someStream || whole <= Stretched(room) ? whole : 0, 0);
        }

        return room < 1 ? (0, 0) : (whole, someStream ? Math.Max(1, layers * room / whole) : layers);
    }

    // A step may be so much longer where that saves another one.
    private static int Stretched(int room) => room + (room / 4);

    // Pages for a share of a step: from what is free, from what is only remembered, then from jobs that can be set aside.
    private bool MakeRoom(SequenceJob job, int count)
    {
        if (job.State != JobState.Running)
        {
            return false;
        }

        // A pass has all its pages since it began.
        int rows = job.Pass is null ? job.Sequence!.RowsOf(count) : 0;
        if (!Free(job.Sequence!.PagesFor(rows), job, mayTake: true))
        {
            return false;
        }

        job.Sequence.Reserve(rows);
        return true;
    }

    private bool Free(int pages, SequenceJob job, bool mayTake)
    {
        while (pool.Available < pages)
        {
            if (cache.Evict())
            {
                continue;
            }

            // Those that were set aside give their pages back first; they will read their text again.
            SequenceJob? holder = Line.Jobs.LastOrDefault(j => j != job && j.Sequence is { PageList.Count: > 0 });
            if (holder is null && mayTake)
            {
                holder = Latest(_running.Where(j => j != job && j.Terms.Priority <= job.Terms.Priority && j.Admission > job.Admission));
                if (holder is not null)
                {
                    SetAside(holder);
                }
            }

            if (holder is null)
            {
                return false;
            }

            holder.Release();
        }

        return true;
    }
}
