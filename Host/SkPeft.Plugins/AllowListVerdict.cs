namespace SkPeft.Plugins;

/// <summary>What the allow-list said about a plugin.</summary>
public enum AllowListVerdict
{
    /// <summary>The allow-list is off.</summary>
    NotChecked,

    /// <summary>The plugin's file and all of its private dependencies are listed.</summary>
    Allowed,

    /// <summary>At least one of its files is not listed.</summary>
    NotListed,
}
