namespace SkPeft;

/// <summary>The engine refuses a request because it has no room for it now; the same request may succeed later.</summary>
/// <param name="found">What is full.</param>
/// <param name="expected">What would have been accepted.</param>
/// <param name="retryAfter">When to try again: an estimate from the work that waits.</param>
public sealed class EngineBusyException(string found, string expected, TimeSpan retryAfter)
    : SkPeftException("engine-busy", $"The engine is busy: {found}, expected {expected}. Try again in {retryAfter.TotalSeconds:0.#} s, or give the engine a longer queue (MaxQueue).")
{
    /// <summary>When to try again.</summary>
    public TimeSpan RetryAfter { get; } = retryAfter;
}

/// <summary>A request's deadline passed before its answer was complete.</summary>
/// <param name="deadline">The time that it was given.</param>
/// <param name="found">How far it came.</param>
public sealed class DeadlineException(TimeSpan deadline, string found)
    : SkPeftException("deadline", $"The request's deadline of {deadline.TotalSeconds:0.###} s passed: {found}, expected the whole answer. Give it more time, ask for fewer tokens, or lower the load.")
{
    /// <summary>The time that it was given.</summary>
    public TimeSpan Deadline { get; } = deadline;
}
