using System.Diagnostics;
using SkPeft.Engine.Memory;
using SkPeft.Tensors.Kernels;

namespace SkPeft.Engine.Scheduling;

/// <summary>
/// Continuous batching (Orca, OSDI 2022): one thread owns the model and runs step after step; requests join and leave between steps. It keeps
/// no reference to a job that has left (a job may hold code of a plugin that is to be unloaded).
/// </summary>
/// <remarks>Safe for concurrent use. No caller waits for a step but <see cref="SequenceJob.Left"/>'s.</remarks>
internal sealed class Scheduler : IDisposable
{
    // Who reads the message may know the option from code or from a host's settings.
    private const string RoomOption = $"{nameof(SchedulerOptions.KeyValueBytes)} (KeyValueMegabytes in settings)";

    private readonly object _gate = new();
    private readonly SchedulerOptions _options;
    private readonly KvPagePool _pool;
    private readonly PrefixCache _cache;
    private readonly StepPace _pace = new();
    private readonly StepPlanner _planner;
    private readonly StepRunner _runner;
    private readonly EngineMetrics _metrics;
    private readonly HashSet<SequenceJob> _jobs = [];
    private readonly AdapterTokens _tokens = new();
    private readonly Thread _thread;
    private long _layeredSteps, _guessed, _confirmed;
    private bool _closed;

    public Scheduler(SchedulerOptions options, KvPagePool pool, StepRunner runner)
    {
        _options = options;
        _pool = pool;
        _cache = new PrefixCache(pool, options.PrefixCacheBytes / pool.Layout.PageBytes);
        _planner = new StepPlanner(options, pool, _cache, _pace, runner.Layers);
        _runner = runner;
        _metrics = new EngineMetrics(() => Statistics);
        _thread = new Thread(Loop) { IsBackground = true, Name = "SkPeft engine" };
        _thread.Start();
    }

    /// <summary>What it does now, and has done.</summary>
    public EngineStatistics Statistics
    {
        get
        {
            lock (_gate)
            {
                return new EngineStatistics(
                    _planner.Running.Count, _planner.Line.Count, _pool.InUse, _pool.MaxPages, _pool.Layout.PageBytes, _pool.Bytes, _cache.Pages, _cache.FoundRows, _planner.Preemptions, _layeredSteps, _guessed, _confirmed, _runner.ScratchBytes);
            }
        }
    }

    /// <summary>The same by adapter: those that have jobs now, and those that had some.</summary>
    public IReadOnlyList<AdapterActivity> Activity
    {
        get
        {
            lock (_gate)
            {
                return _tokens.With(_planner.Running, _planner.Line);
            }
        }
    }

    /// <summary>Gives a job something to run: its new ids stand at the end of its text.</summary>
    /// <exception cref="EngineBusyException">Too many wait already.</exception>
    /// <exception cref="ContextLengthException">The text would not fit into all pages that there are.</exception>
    public void Submit(SequenceJob job)
    {
        lock (_gate)
        {
            if (_closed)
            {
                throw Closed();
            }

            if ((job.Rows / KvPageLayout.Positions) + 1 > _pool.MaxPages)
            {
                throw TooLong(job, $"That is the room of {RoomOption}: raise it, or shorten the prompt.");
            }

            if (!_jobs.Contains(job) && _planner.Line.Count + _planner.Running.Count >= _options.MaxRunning + _options.MaxQueue)
            {
                MakePlace(job);
            }

            job.Domain = CacheDomain.Of(job.Plan, job.Precision, [.. job.Ids.Take(job.InstructionTokens)]);
            job.Renew();
            job.State = JobState.Waiting;
            _jobs.Add(job);
            _planner.Line.Add(job, _planner.Running);
            Monitor.Pulse(_gate);
        }
    }

    /// <summary>Ends a job, now or behind the step that it is in, and gives its pages back.</summary>
    public void Leave(SequenceJob job, Exception? reason)
    {
        lock (_gate)
        {
            if (job.State == JobState.Left)
            {
                return;
            }

            if (job.InStep)
            {
                job.Leaving ??= reason ?? new OperationCanceledException();
                return;
            }

            End(job, reason);
            Monitor.Pulse(_gate);
        }
    }

    /// <summary>Lets the running step end, fails everyone else, and ends the thread.</summary>
    /// <exception cref="InvalidOperationException">Called from inside a step.</exception>
    public void Dispose()
    {
        if (Thread.CurrentThread == _thread)
        {
            throw new InvalidOperationException("A model cannot be closed from inside one of its own steps; close it when the request has ended.");
        }

        lock (_gate)
        {
            _closed = true;
            Monitor.Pulse(_gate);
        }

        _thread.Join();
        lock (_gate)
        {
            foreach (SequenceJob job in _jobs.ToArray())
            {
                End(job, Closed());
            }

            _cache.Dispose();
        }

        _metrics.Dispose();
    }

    // The queue is full: whoever has more of it than its share gives up its last place, else the newcomer is refused.
    private void MakePlace(SequenceJob newcomer)
    {
        _metrics.Refused.Add(1);
        string found = $"{_planner.Running.Count} requests run and {_planner.Line.Count} wait";
        string room = $"fewer than {_options.MaxRunning + _options.MaxQueue} in all ({_options.MaxRunning} that run, {_options.MaxQueue} that wait)";
        if (_planner.Line.GivingUp(newcomer, _planner.Running) is not { } job)
        {
            throw new EngineBusyException(found, room, Wait());
        }

        string why = job.Terms.Priority < newcomer.Terms.Priority ? "and this one gave its place to one of a higher priority" : "many of them from here, and this one gave its place to somebody who had fewer";
        End(job, new EngineBusyException($"{found}, {why}", room, Wait()));
    }

    private static ObjectDisposedException Closed() => new(nameof(LanguageModel), "The model was closed: open it again, and close it after the last request.");

    private void Loop()
    {
        while (RunOne())
        {
        }
    }

    // Not inlined, so that no dead local of the loop keeps the last step's jobs alive while the thread waits.
    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
    private bool RunOne()
    {
        IReadOnlyList<StepEntry> entries;
        lock (_gate)
        {
            TimeSpan? nearest = FailLate();
            entries = _closed ? [] : _planner.Plan();
            if (entries.Count == 0)
            {
                if (!_closed)
                {
                    FailStuck();
                    Monitor.Wait(_gate, nearest ?? Timeout.InfiniteTimeSpan);
                }

                return !_closed;
            }
        }

        long start = Stopwatch.GetTimestamp();
        _runner.Run(entries);
        TimeSpan time = Stopwatch.GetElapsedTime(start);
        lock (_gate)
        {
            int rows = entries.Sum(e => e.Equivalent(e.Segment.Rows, _runner.Layers));
            _pace.Add(rows, time);
            _metrics.Step(entries, rows, time);
            _tokens.Add(entries);
            _layeredSteps += entries.Any(e => e.Layers > 0) ? 1 : 0;
            foreach (StepEntry entry in entries)
            {
                Finish(entry);
            }
        }

        return true;
    }

    private void Finish(StepEntry entry)
    {
        SequenceJob job = entry.Job;
        job.InStep = false;
        _planner.Line.Charge(job.Terms.Tenant, entry.Equivalent(entry.Count, _runner.Layers));
        if (entry.IsThrough)
        {
            job.EndPass();
            if (entry.WasReading && entry.Error is null)
            {
                _cache.KeepFront(job.Domain, job.Sequence!);
            }
        }

        if ((entry.Error ?? job.Leaving) is { } reason)
        {
            End(job, reason);
            return;
        }

        if (!entry.IsThrough)
        {
            return;
        }

        _guessed += entry.Guesses.Count;
        _confirmed += entry.Confirmed;
        job.Ids.AddRange(entry.Next);
        if (entry.Next.Count > 0 && !entry.Ended)
        {
            job.Guesses = job.Reader.Guess(job.Ids);
            if (entry.WasReading)
            {
                Keep(job);
            }
        }
        else if (entry.EndsText)
        {
            Keep(job);
            if (job.Reader.WantsNext)
            {
                End(job, null);
                return;
            }

            _planner.Remove(job);
            job.State = JobState.Idle;
            job.Succeed();
        }
    }

    private void Keep(SequenceJob job) => _cache.Keep(job.Domain, job.Ids, job.Sequence!);

    private void End(SequenceJob job, Exception? reason)
    {
        _planner.Remove(job);
        _jobs.Remove(job);
        job.Leave(reason);
    }

    // Ends what is too late, and says when the next one will be.
    private TimeSpan? FailLate()
    {
        long now = Stopwatch.GetTimestamp();
        long nearest = long.MaxValue;
        foreach (SequenceJob job in _jobs.Where(j => j.Deadline != long.MaxValue && j.State is JobState.Waiting or JobState.Running).ToArray())
        {
            if (job.Deadline <= now)
            {
                string found = job.State == JobState.Waiting && job.Sequence is not { Started: true } ? "it still waited" : $"{job.Ids.Count} tokens of prompt and answer were there";
                End(job, new DeadlineException(job.Terms.Deadline!.Value, found));
            }
            else
            {
                nearest = Math.Min(nearest, job.Deadline);
            }
        }

        return nearest == long.MaxValue ? null : Stopwatch.GetElapsedTime(now, nearest) + TimeSpan.FromMilliseconds(1);
    }

    // Nothing can run although somebody runs: the pages of one text do not suffice for it, or idle texts hold them.
    private void FailStuck()
    {
        if (_planner.Running.Count == 0)
        {
            return;
        }

        SequenceJob job = _planner.Running.Where(j => j.Pending > 0).MinBy(j => j.Admission) ?? _planner.Running[0];
        End(job, TooLong(job, $"All key/value pages are in use: raise {RoomOption}, or shorten the text."));
        Monitor.Pulse(_gate);
    }

    private ContextLengthException TooLong(SequenceJob job, string advice) =>
        new(job.Rows, (int)Math.Min(int.MaxValue, _pool.MaxPages * KvPageLayout.Positions), advice);

    // A guess: every running answer has as much before it as it has behind it.
    private TimeSpan Wait()
    {
        TimeSpan step = _pace.Estimate(_planner.Running.Count);
        double steps = 32.0 * (_planner.Line.Count + 1) / Math.Max(1, _planner.Running.Count);
        return TimeSpan.FromSeconds(Math.Clamp(step.TotalSeconds * steps, 0.1, 60));
    }
}
