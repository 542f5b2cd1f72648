namespace SkPeft.Plugins;

/// <summary>A plugin's folder and what became of it.</summary>
internal sealed class PluginSlot(string folder)
{
    public string Folder { get; } = folder;

    public string Name { get; } = PluginFiles.NameOf(folder);

    /// <summary>The generation in service.</summary>
    public PluginInstance? Active { get; set; }

    /// <summary>What the generation in service was read from.</summary>
    public string? ActiveFingerprint { get; set; }

    /// <summary>What was last loaded, or tried; the same is not tried again by itself.</summary>
    public string? Attempted { get; set; }

    /// <summary>Why the files as they are were not loaded.</summary>
    public PluginInfo? Failure { get; set; }

    /// <summary>True where the reason was another plugin, and goes away with it.</summary>
    public bool RetryWhenOthersLeave { get; set; }

    public bool IsNamed(string name) => string.Equals(Name, name, StringComparison.OrdinalIgnoreCase);
}
