namespace SkPeft.Http.Stats;

/// <summary>The times of the last answers, as they were measured: a histogram's buckets are too wide for a percentile that people compare.</summary>
/// <param name="time">The clock.</param>
internal sealed class RecentAnswers(TimeProvider time)
{
    /// <summary>How far back it remembers.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(5);

    private const int Most = 4096;
    private readonly Lock _gate = new();
    private readonly Queue<Answer> _answers = new();

    /// <summary>An answer has ended.</summary>
    /// <param name="first">The time to its first piece.</param>
    /// <param name="whole">The time to its last.</param>
    /// <param name="perToken">The time between two tokens behind the first; null where there was none.</param>
    public void Add(TimeSpan first, TimeSpan whole, TimeSpan? perToken)
    {
        lock (_gate)
        {
            _answers.Enqueue(new Answer(time.GetTimestamp(), first.TotalSeconds, whole.TotalSeconds, perToken?.TotalSeconds));
            if (_answers.Count > Most)
            {
                _answers.Dequeue();
            }
        }
    }

    public LatencyBody Read()
    {
        Answer[] answers;
        lock (_gate)
        {
            while (_answers.TryPeek(out Answer? oldest) && time.GetElapsedTime(oldest.Ended) > Window)
            {
                _answers.Dequeue();
            }

            answers = [.. _answers];
        }

        return new LatencyBody(
            Window.TotalSeconds, answers.Length,
            Percentiles.Of(answers.Select(a => a.First)),
            Percentiles.Of(answers.Select(a => a.PerToken).OfType<double>()),
            Percentiles.Of(answers.Select(a => a.Whole)));
    }

    private sealed record Answer(long Ended, double First, double Whole, double? PerToken);
}
