namespace SkPeft.Plugins;

/// <summary>One line of the list of plugins: a generation in memory, or a file that was not loaded.</summary>
/// <remarks>A plugin whose newest file is broken has two: the older generation, active, and the file, failed.</remarks>
public sealed record PluginInfo
{
    /// <summary>The name: of the assembly, and of its folder.</summary>
    public required string Name { get; init; }

    /// <summary>Where it stands.</summary>
    public required PluginStatus Status { get; init; }

    /// <summary>The plugin's main file.</summary>
    public required string Path { get; init; }

    /// <summary>The assembly's version; null where the file could not be read.</summary>
    public string? Version { get; init; }

    /// <summary>The digest of the main file, in lower-case hexadecimal; null where the file could not be read.</summary>
    public string? Sha256 { get; init; }

    /// <summary>Counts loads of this plugin in this process; null where it was not loaded.</summary>
    public int? Generation { get; init; }

    /// <summary>The methods that it offers.</summary>
    public IReadOnlyList<PluginMethodInfo> Methods { get; init; } = [];

    /// <summary>What the allow-list says of it.</summary>
    public AllowListVerdict AllowList { get; init; }

    /// <summary>Leases that are not disposed yet.</summary>
    public int Leases { get; init; }

    /// <summary>Why it failed, or what still holds it; null where all is well.</summary>
    public string? Reason { get; init; }
}

/// <summary>A method that a plugin offers.</summary>
/// <param name="PeftType">The <c>peft_type</c> that it reads.</param>
/// <param name="Description">One line for people.</param>
public sealed record PluginMethodInfo(string PeftType, string Description);
