namespace SkPeft.Plugins;

/// <summary>A generation that should leave memory: what is known of it, none of which keeps it there.</summary>
/// <param name="identity">Which it is.</param>
/// <param name="path">Its main file.</param>
/// <param name="verdict">What the allow-list said.</param>
/// <param name="methods">What it offered.</param>
/// <param name="refusal">Why it never served, where it did not.</param>
/// <param name="handedOut">The objects of it that were given away.</param>
internal sealed class RetiredPlugin(
    PluginIdentity identity, string path, AllowListVerdict verdict, IReadOnlyList<PluginMethodInfo> methods, string? refusal, HandedOut? handedOut = null)
{
    private const int MostNamed = 5;
    private volatile string? _heldBy;

    public PluginIdentity Identity { get; } = identity;

    /// <summary>True where it never served.</summary>
    public bool WasRefused => refusal is not null;

    /// <summary>What still held it when time was up; null before.</summary>
    public string? HeldBy => _heldBy;

    public static string NameOf(PluginIdentity identity) => $"Plugin {identity.Name} {identity.Version} (generation {identity.Generation})";

    /// <summary>Finds out what holds it, as well as can be known from within.</summary>
    public string MarkHeld()
    {
        IReadOnlyList<string> alive = handedOut?.Alive() ?? [];
        string more = alive.Count > MostNamed ? $" and {alive.Count - MostNamed} more" : "";
        string holders = alive.Count > 0
            ? $"objects of it are still referenced: {string.Join(", ", alive.Take(MostNamed))}{more}"
            : "no lease is open and none of the objects that it handed out is alive, so it is a thread of its own that still runs, an event or cache of the " +
                "host's that a type, delegate or object of it sits in, or an exception of it that somebody keeps";
        _heldBy = refusal is null ? holders : $"{holders} (it was refused: {refusal.TrimEnd('.')})";
        return _heldBy;
    }

    public PluginInfo Describe() => new()
    {
        Name = Identity.Name,
        Status = _heldBy is null ? PluginStatus.Unloading : PluginStatus.StillHeld,
        Path = path,
        Version = Identity.Version,
        Sha256 = Identity.Sha256,
        Generation = Identity.Generation,
        Methods = methods,
        AllowList = verdict,
        Reason = _heldBy,
    };
}
