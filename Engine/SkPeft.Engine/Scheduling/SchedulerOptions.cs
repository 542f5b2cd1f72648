namespace SkPeft.Engine.Scheduling;

/// <summary>How requests share the engine.</summary>
public sealed record SchedulerOptions
{
    /// <summary>Requests that may run side by side. Default: 32.</summary>
    public int MaxRunning { get; init; } = 32;

    /// <summary>Requests that may wait; one more is refused with <see cref="EngineBusyException"/>. Default: 1024.</summary>
    public int MaxQueue { get; init; } = 1024;

    /// <summary>Most tokens in one step, over all requests. Default: 512.</summary>
    public int MaxStepTokens { get; init; } = 512;

    /// <summary>
    /// How long a step should take while answers stream: prompts of others are read in pieces that keep to it. Default: 100 ms.
    /// </summary>
    public TimeSpan StepTarget { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// The time between two tokens of an answer that further requests may not break: they wait instead, and beside streams their prompts are read in
    /// pieces that keep to it. Null: only room counts.
    /// </summary>
    public TimeSpan? TokenTarget { get; init; }

    /// <summary>Bytes of keys and values of all requests and of the prefix cache. Null: a quarter of the memory that this process may use.</summary>
    public long? KeyValueBytes { get; init; }

    /// <summary>Bytes of these that known beginnings of texts may keep when nobody uses them; 0 turns the prefix cache off. Default: 256 MiB.</summary>
    public long PrefixCacheBytes { get; init; } = 256L << 20;

    /// <summary>Shares of the engine by tenant, where it is not 1: a tenant of weight 2 gets twice the tokens of one of weight 1 while both wait.</summary>
    public IReadOnlyDictionary<string, double> Weights { get; init; } = new Dictionary<string, double>();

    /// <summary>Refuses values out of range.</summary>
    /// <exception cref="InvalidOptionException">A value is out of range.</exception>
    public SchedulerOptions Validated()
    {
        Require(nameof(MaxRunning), MaxRunning, MaxRunning is >= 1 and <= 4096, "1 to 4096");
        Require(nameof(MaxQueue), MaxQueue, MaxQueue is >= 0 and <= 1_000_000, "0 to 1000000");
        Require(nameof(MaxStepTokens), MaxStepTokens, MaxStepTokens is >= 1 and <= 8192, "1 to 8192");
        Require(nameof(StepTarget), StepTarget, StepTarget > TimeSpan.Zero, "a positive time");
        Require(nameof(TokenTarget), TokenTarget, TokenTarget is null || TokenTarget > TimeSpan.Zero, "a positive time");
        Require(nameof(KeyValueBytes), KeyValueBytes, KeyValueBytes is null or > 0, "a positive number of bytes");
        Require(nameof(PrefixCacheBytes), PrefixCacheBytes, PrefixCacheBytes >= 0, "0 or more bytes");
        foreach ((string tenant, double weight) in Weights)
        {
            Require($"{nameof(Weights)}:{tenant}", weight, weight is > 0 and < 1e6, "a number above 0 and below 1000000");
        }

        return this;
    }

    private static void Require(string option, object? found, bool holds, string expected)
    {
        if (!holds)
        {
            throw new InvalidOptionException(option, $"{found}", expected);
        }
    }
}
