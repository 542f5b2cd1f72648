using System.Collections.Concurrent;

namespace SkPeft.Engine.Generation;

/// <summary>
/// One thread that owns the model: worker 0 of the team is always the same thread, and the thread pool keeps its threads. It never
/// blocks a caller and keeps no reference to a step that is done (a step may hold code of a plugin that is to be unloaded).
/// </summary>
internal sealed class EngineThread : IDisposable
{
    private readonly BlockingCollection<Job> _jobs = [];
    private readonly Thread _thread;
    private volatile bool _closed;

    public EngineThread()
    {
        _thread = new Thread(Loop) { IsBackground = true, Name = "SkPeft engine" };
        _thread.Start();
    }

    /// <summary>Queues a step; the task ends with it.</summary>
    /// <exception cref="ObjectDisposedException">The model was closed.</exception>
    public Task RunAsync(Action step)
    {
        Job job = new(step);
        ObjectDisposedException.ThrowIf(_jobs.IsAddingCompleted, this);
        _jobs.Add(job);
        return job.Done.Task;
    }

    /// <summary>Queues a step that nobody waits for; once the model is closed it runs here and now.</summary>
    public void Post(Action step)
    {
        if (_closed)
        {
            step();
            return;
        }

        _jobs.Add(new Job(step));
    }

    public void Dispose()
    {
        if (_closed)
        {
            return;
        }

        _jobs.CompleteAdding();
        _thread.Join();
        _closed = true;
        _jobs.Dispose();
    }

    private void Loop()
    {
        while (Next() is { } job)
        {
            Run(job);
        }
    }

    // Not inlined, so that no dead local of the loop keeps the last step alive while the thread waits.
    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
    private Job? Next() => _jobs.TryTake(out Job? job, Timeout.Infinite) ? job : null;

    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
    private static void Run(Job job)
    {
        try
        {
            job.Step();
            job.Done.SetResult();
        }
        catch (Exception error)
        {
            // A step's failure, whatever it is, belongs to its request; the engine goes on.
            job.Done.SetException(error);
        }
    }

    private sealed class Job(Action step)
    {
        public Action Step { get; } = step;

        public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
