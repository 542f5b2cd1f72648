namespace SkPeft.Plugins;

/// <summary>Where a plugin, or one generation of it, stands.</summary>
public enum PluginStatus
{
    /// <summary>It serves new requests.</summary>
    Active,

    /// <summary>It was replaced or removed; requests that began with it still run.</summary>
    Draining,

    /// <summary>Its last lease has ended and the runtime was asked to unload it; the proof is awaited.</summary>
    Unloading,

    /// <summary>It could not be proved unloaded in time: something still refers to it.</summary>
    StillHeld,

    /// <summary>The file as it is now was not loaded.</summary>
    Failed,
}
