namespace SkPeft.Plugins;

/// <summary>What happened to a plugin.</summary>
public enum PluginEventKind
{
    /// <summary>A plugin was loaded for the first time, or again after it had been removed.</summary>
    Loaded,

    /// <summary>A newer generation took the place of another.</summary>
    Reloaded,

    /// <summary>The plugin was removed: its methods are no longer offered to new requests.</summary>
    Withdrawn,

    /// <summary>A file was not loaded. What was loaded before stays in place.</summary>
    Refused,

    /// <summary>A generation that is no longer needed has left memory: its load context was seen dead.</summary>
    Unloaded,

    /// <summary>A generation that is no longer needed is still in memory; the message names what holds it.</summary>
    StillHeld,

    /// <summary>
    /// Anything else that somebody should look at: a missing folder, a file that is not in the allow-list, a watcher that fell back to polling.
    /// </summary>
    Warning,
}

/// <summary>One event, in words and as data.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="Plugin">The plugin's name, or the folder that it is about.</param>
/// <param name="Message">A sentence for people.</param>
/// <param name="Identity">The generation that it is about, where one was loaded.</param>
/// <param name="At">When.</param>
public sealed record PluginEvent(PluginEventKind Kind, string Plugin, string Message, PluginIdentity? Identity, DateTimeOffset At)
{
    /// <summary>True for events that somebody should look at.</summary>
    public bool IsWarning => Kind is PluginEventKind.Refused or PluginEventKind.StillHeld or PluginEventKind.Warning;
}
