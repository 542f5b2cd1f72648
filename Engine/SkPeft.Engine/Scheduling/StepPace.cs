namespace SkPeft.Engine.Scheduling;

/// <summary>How long a step of so many rows takes: a line through the last steps, of which older ones count less and less.</summary>
internal sealed class StepPace
{
    private const double Keep = 0.98;
    private const int FewestRows = 16;

    private double _count, _rows, _seconds, _rowsSquared, _rowsSeconds;

    /// <summary>Learns from a step.</summary>
    public void Add(int rows, TimeSpan time)
    {
        double seconds = time.TotalSeconds;
        _count = (Keep * _count) + 1;
        _rows = (Keep * _rows) + rows;
        _seconds = (Keep * _seconds) + seconds;
        _rowsSquared = (Keep * _rowsSquared) + ((double)rows * rows);
        _rowsSeconds = (Keep * _rowsSeconds) + (rows * seconds);
    }

    /// <summary>The time that a step is likely to take; zero before anything is known.</summary>
    public TimeSpan Estimate(int rows)
    {
        (double fixedPart, double perRow) = Line();
        return TimeSpan.FromSeconds(fixedPart + (perRow * rows));
    }

    /// <summary>Prompt tokens that fit into a step of a given length beside rows that run anyway.</summary>
    /// <param name="target">The length.</param>
    /// <param name="rows">The other rows.</param>
    /// <param name="most">The most that is wanted.</param>
    public int Room(TimeSpan target, int rows, int most)
    {
        (double fixedPart, double perRow) = Line();
        if (perRow <= 0)
        {
            return Math.Min(most, 4 * FewestRows);
        }

        double room = ((target.TotalSeconds - fixedPart) / perRow) - rows;
        return (int)Math.Clamp(room, Math.Min(FewestRows, most), most);
    }

    private (double Fixed, double PerRow) Line()
    {
        if (_count == 0)
        {
            return (0, 0);
        }

        double spread = (_count * _rowsSquared) - (_rows * _rows);
        if (spread > 1e-6 * _rowsSquared * _count)
        {
            double slope = ((_count * _rowsSeconds) - (_rows * _seconds)) / spread;
            double start = (_seconds - (slope * _rows)) / _count;
            if (slope > 0 && start >= 0)
            {
                return (start, slope);
            }
        }

        // Steps of one size only tell a ratio.
        return (0, _seconds / _rows);
    }
}
