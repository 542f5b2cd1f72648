namespace SkPeft.Plugins;

/// <summary>Where plugins are, which of them may be loaded, and how long things may take.</summary>
public sealed record PluginOptions
{
    /// <summary>
    /// The plugin folders: each holds one sub-folder a plugin, <c>plugins/&lt;AssemblyName&gt;/&lt;AssemblyName&gt;.dll</c>. A folder that does not exist
    /// yields a warning and no plugins; when it is watched and appears later, its plugins are loaded then. Of two plugins of one name, the one in the
    /// folder named first is taken.
    /// </summary>
    public IReadOnlyList<string> Folders { get; init; } = [Path.Combine(AppContext.BaseDirectory, "plugins")];

    /// <summary>What happens to files that <see cref="AllowedSha256"/> does not list.</summary>
    public AllowListMode AllowList { get; init; } = AllowListMode.Off;

    /// <summary>SHA-256 digests of files that may be loaded: 64 hexadecimal digits each, <c>sha256:</c> in front allowed.</summary>
    public IReadOnlyList<string> AllowedSha256 { get; init; } = [];

    /// <summary>True: changed, new and removed plugins are noticed while the process runs.</summary>
    public bool Watch { get; init; }

    /// <summary>
    /// How long a plugin's folder must be quiet before it is read, and again how long what was read must stay the same before it is loaded.
    /// </summary>
    public TimeSpan Debounce { get; init; } = TimeSpan.FromMilliseconds(300);

    /// <summary>
    /// How often folders are compared with what was seen last, for changes that the file system does not announce (network drives, links).
    /// </summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// How long a plugin's constructors and self-tests may take, in real time. Code that runs longer cannot be stopped in .NET: the plugin is refused,
    /// and its thread and load context stay until it returns.
    /// </summary>
    public TimeSpan SelfTestTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a plugin may stay in memory after its last lease before a warning says what holds it.</summary>
    public TimeSpan UnloadTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long leases on a replaced plugin may last before a warning names them. They are not cut short.</summary>
    public TimeSpan DrainWarning { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>The most bytes that one plugin's assemblies may have together.</summary>
    public long MaxPluginBytes { get; init; } = 256L << 20;

    /// <summary>False in tests that drive time by hand: only polling finds changes.</summary>
    internal bool UseFileSystemEvents { get; init; } = true;

    internal void Validate()
    {
        NotNegative(Debounce, nameof(Debounce));
        Positive(PollInterval, nameof(PollInterval));
        Positive(SelfTestTimeout, nameof(SelfTestTimeout));
        Positive(UnloadTimeout, nameof(UnloadTimeout));
        Positive(DrainWarning, nameof(DrainWarning));
        if (MaxPluginBytes <= 0)
        {
            throw new InvalidOptionException(nameof(MaxPluginBytes), $"{MaxPluginBytes}", "a number of bytes above 0");
        }

        if (Folders.Any(string.IsNullOrWhiteSpace))
        {
            throw new InvalidOptionException(nameof(Folders), "an empty entry", "the path of a folder that holds plugins");
        }
    }

    private static void Positive(TimeSpan value, string option)
    {
        if (value <= TimeSpan.Zero || value > TimeSpan.FromDays(1))
        {
            throw new InvalidOptionException(option, $"{value}", "a time above zero, of a day at most");
        }
    }

    private static void NotNegative(TimeSpan value, string option)
    {
        if (value < TimeSpan.Zero || value > TimeSpan.FromDays(1))
        {
            throw new InvalidOptionException(option, $"{value}", "a time from zero to a day");
        }
    }
}
