namespace SkPeft.Plugins;

/// <summary>What happens to a plugin file whose SHA-256 is not in the allow-list.</summary>
public enum AllowListMode
{
    /// <summary>Digests are recorded, not compared.</summary>
    Off,

    /// <summary>It is loaded, with a warning that names file and digest.</summary>
    Warn,

    /// <summary>It is refused before anything of it is loaded; so is a plugin whose private dependency is not listed.</summary>
    Enforce,
}
