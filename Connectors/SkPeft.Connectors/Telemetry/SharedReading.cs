namespace SkPeft.Connectors.Telemetry;

/// <summary>One reading for all instruments of a scrape: it is read anew when an instrument asks that has had the last one.</summary>
/// <param name="read">Reads.</param>
/// <remarks>Meters do not say when a scrape begins; but no scrape asks an instrument twice.</remarks>
internal sealed class SharedReading<T>(Func<T> read)
    where T : class
{
    private readonly Lock _gate = new();
    private readonly HashSet<string> _served = new(StringComparer.Ordinal);
    private T? _last;

    /// <summary>The reading of this scrape.</summary>
    /// <param name="instrument">Who asks.</param>
    public T For(string instrument)
    {
        lock (_gate)
        {
            if (_last is null || !_served.Add(instrument))
            {
                _last = read();
                _served.Clear();
                _served.Add(instrument);
            }

            return _last;
        }
    }
}
