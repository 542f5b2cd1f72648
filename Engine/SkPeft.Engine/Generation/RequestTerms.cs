using System.Diagnostics;
using SkPeft.Engine.Scheduling;

namespace SkPeft.Engine.Generation;

/// <summary>Who asks, how urgently, and for how long: one of these for all calls that make one answer.</summary>
public sealed record RequestTerms
{
    private readonly long _begun = Stopwatch.GetTimestamp();

    /// <summary>Whose share of the engine the calls use, a skill for instance; null: their adapter's.</summary>
    public string? Tenant { get; init; }

    /// <summary>Requests of a higher priority are let in first, and take the place of lower ones, which go on later.</summary>
    public int Priority { get; init; }

    /// <summary>The time that all calls together may take, counted from the creation of this; null: as long as it takes.</summary>
    public TimeSpan? Deadline { get; init; }

    internal JobTerms For(string adapter) => new(Tenant ?? adapter, Priority, Deadline, _begun);
}
