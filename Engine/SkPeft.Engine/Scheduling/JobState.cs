namespace SkPeft.Engine.Scheduling;

/// <summary>Where a job is.</summary>
internal enum JobState
{
    /// <summary>Has nothing to run; it may keep its pages.</summary>
    Idle,

    /// <summary>Waits to be let in.</summary>
    Waiting,

    /// <summary>Takes part in steps.</summary>
    Running,

    /// <summary>Has left the engine for good.</summary>
    Left,
}
