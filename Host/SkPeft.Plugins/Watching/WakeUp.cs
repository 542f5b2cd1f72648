namespace SkPeft.Plugins;

/// <summary>A timer that goes off at the earliest of the times that were asked for, once; then it must be asked again.</summary>
internal sealed class WakeUp : IDisposable
{
    private static readonly TimeSpan s_shortest = TimeSpan.FromMilliseconds(1);
    private readonly Lock _lock = new();
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private DateTimeOffset _due = DateTimeOffset.MaxValue;
    private bool _isDisposed;

    public WakeUp(TimeProvider time, Action wake)
    {
        _time = time;
        _timer = time.CreateTimer(
            _ =>
            {
                lock (_lock)
                {
                    _due = DateTimeOffset.MaxValue;
                }

                wake();
            },
            null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public void At(DateTimeOffset at)
    {
        lock (_lock)
        {
            if (_isDisposed || at >= _due)
            {
                return;
            }

            _due = at;
            TimeSpan wait = at - _time.GetUtcNow();
            _timer.Change(wait > s_shortest ? wait : s_shortest, Timeout.InfiniteTimeSpan);
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _isDisposed = true;
        }

        _timer.Dispose();
    }
}
