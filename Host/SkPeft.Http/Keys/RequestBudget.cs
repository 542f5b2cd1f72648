namespace SkPeft.Http.Keys;

/// <summary>Requests a minute: a bucket that holds a minute's worth and fills steadily.</summary>
/// <param name="perMinute">Requests a minute, at least 1.</param>
/// <param name="time">The clock.</param>
internal sealed class RequestBudget(int perMinute, TimeProvider time)
{
    private readonly Lock _gate = new();
    private double _left = perMinute;
    private long _asOf = time.GetTimestamp();

    public int PerMinute => perMinute;

    /// <summary>Takes one request.</summary>
    /// <param name="remaining">Whole requests that are left.</param>
    /// <returns>Null where it was taken; else when the next one can be.</returns>
    public TimeSpan? TryTake(out int remaining)
    {
        lock (_gate)
        {
            long now = time.GetTimestamp();
            _left = Math.Min(perMinute, _left + (time.GetElapsedTime(_asOf, now).TotalMinutes * perMinute));
            _asOf = now;
            if (_left >= 1)
            {
                _left--;
                remaining = (int)_left;
                return null;
            }

            remaining = 0;
            return TimeSpan.FromMinutes((1 - _left) / perMinute);
        }
    }
}
