namespace SkPeft.Engine.Generation;

/// <summary>
/// One thread that owns the model: worker 0 of the team is always the same thread, and the thread pool keeps its threads. It never
/// blocks a caller and keeps no reference to a step that is done (a step may hold code of a plugin that is to be unloaded).
/// </summary>
internal sealed class EngineThread : IDisposable
{
    private readonly object _gate = new();
    private readonly Queue<EngineStep> _steps = new();
    private readonly Thread _thread;
    private bool _closed;

    public EngineThread()
    {
        _thread = new Thread(Loop) { IsBackground = true, Name = "SkPeft engine" };
        _thread.Start();
    }

    /// <summary>Queues a step; the task ends with it. A step that is cancelled while it waits ends at once and never runs.</summary>
    /// <returns>Fails with <see cref="ObjectDisposedException"/> where the model was closed.</returns>
    public Task RunAsync(Action step, CancellationToken cancellation)
    {
        EngineStep queued = new(step, cancellation);
        lock (_gate)
        {
            if (!_closed)
            {
                _steps.Enqueue(queued);
                Monitor.Pulse(_gate);
                return queued.Completion;
            }
        }

        queued.Fail(Closed());
        return queued.Completion;
    }

    /// <summary>Lets the running step end, fails those that wait, and ends the thread.</summary>
    /// <exception cref="InvalidOperationException">Called by a step itself.</exception>
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
        while (_steps.TryDequeue(out EngineStep? step))
        {
            step.Fail(Closed());
        }
    }

    private static ObjectDisposedException Closed() => new(nameof(LanguageModel), "The model was closed: open it again, and close it after the last request.");

    private void Loop()
    {
        while (Next() is { } step)
        {
            step.Run();
        }
    }

    // Not inlined, so that no dead local of the loop keeps the last step alive while the thread waits.
    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
    private EngineStep? Next()
    {
        lock (_gate)
        {
            while (_steps.Count == 0 && !_closed)
            {
                Monitor.Wait(_gate);
            }

            return _closed ? null : _steps.Dequeue();
        }
    }
}
