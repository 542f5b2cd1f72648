namespace SkPeft.Engine.Generation;

/// <summary>A piece of work that waits for the engine's thread: it runs once, or is cancelled before, never both.</summary>
internal sealed class EngineStep
{
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenRegistration _cancelling;
    private Action? _work;

    public EngineStep(Action work, CancellationToken cancellation)
    {
        _work = work;
        _cancelling = cancellation.UnsafeRegister(static (step, token) => ((EngineStep)step!).Cancel(token), this);
    }

    /// <summary>Ends with the step.</summary>
    public Task Completion => _done.Task;

    // Not inlined into the thread's loop, so that no dead local of it keeps the work alive.
    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
    public void Run()
    {
        if (Claim() is not { } work)
        {
            return;
        }

        try
        {
            work();
            _done.SetResult();
        }
        catch (Exception error)
        {
            // A step's failure, whatever it is, belongs to its request; the engine goes on.
            _done.SetException(error);
        }
        finally
        {
            _cancelling.Unregister();
        }
    }

    /// <summary>Ends the step without running it.</summary>
    public void Fail(Exception error)
    {
        _cancelling.Unregister();
        if (Claim() is not null)
        {
            _done.SetException(error);
        }
    }

    private void Cancel(CancellationToken token)
    {
        if (Claim() is not null)
        {
            _done.SetCanceled(token);
        }
    }

    private Action? Claim() => Interlocked.Exchange(ref _work, null);
}
