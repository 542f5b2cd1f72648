namespace SkPeft.Connectors.Hosting;

/// <summary>Counts running requests; once it drains, it lets none in, and tells when the last one has left.</summary>
internal sealed class Drain : IDisposable
{
    private readonly Lock _gate = new();
    private readonly TaskCompletionSource _empty = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _cut = new();
    private int _running;
    private bool _draining;

    public bool IsDraining
    {
        get
        {
            lock (_gate)
            {
                return _draining;
            }
        }
    }

    public int Running
    {
        get
        {
            lock (_gate)
            {
                return _running;
            }
        }
    }

    /// <summary>Cancelled where running requests are cut off.</summary>
    public CancellationToken Cut => _cut.Token;

    /// <summary>False where no request is let in any more; after true, <see cref="Leave"/> once.</summary>
    public bool TryEnter()
    {
        lock (_gate)
        {
            if (!_draining)
            {
                _running++;
            }

            return !_draining;
        }
    }

    public void Leave()
    {
        lock (_gate)
        {
            _running--;
            if (_draining && _running == 0)
            {
                _empty.TrySetResult();
            }
        }
    }

    /// <summary>Lets nobody in from now on.</summary>
    /// <returns>Completes when the last running request has left.</returns>
    public Task BeginAsync()
    {
        lock (_gate)
        {
            _draining = true;
            if (_running == 0)
            {
                _empty.TrySetResult();
            }
        }

        return _empty.Task;
    }

    /// <summary>Cuts running requests off: those that honour <see cref="Cut"/> end at their next token.</summary>
    public void CutOff() => _cut.Cancel();

    public void Dispose() => _cut.Dispose();
}
