namespace SkPeft.Plugins;

/// <summary>Compares digests with the list of those that may be loaded.</summary>
internal sealed class AllowList
{
    private const string Prefix = "sha256:";
    private readonly HashSet<string> _digests = new(StringComparer.Ordinal);

    public AllowList(AllowListMode mode, IReadOnlyList<string> digests)
    {
        Mode = mode;
        foreach (string written in digests)
        {
            string digest = (written ?? "").Trim().ToLowerInvariant();
            digest = digest.StartsWith(Prefix, StringComparison.Ordinal) ? digest[Prefix.Length..] : digest;
            if (digest.Length != 64 || !digest.All(char.IsAsciiHexDigit))
            {
                throw new InvalidOptionException(
                    nameof(PluginOptions.AllowedSha256), $"'{written}'", "64 hexadecimal digits, as sha256sum prints them");
            }

            _digests.Add(digest);
        }
    }

    public AllowListMode Mode { get; }

    /// <summary>Compares every assembly of the plugin: a dependency runs with the same rights as the plugin itself.</summary>
    /// <returns>The verdict, and a sentence about files that are not listed.</returns>
    public (AllowListVerdict Verdict, string? Problem) Check(PluginFiles files)
    {
        if (Mode == AllowListMode.Off)
        {
            return (AllowListVerdict.NotChecked, null);
        }

        string[] unlisted = [.. files.Assemblies.Where(a => !_digests.Contains(a.Sha256)).Select(a => $"{a.FileName} (SHA-256 {a.Sha256})")];
        return unlisted.Length == 0
            ? (AllowListVerdict.Allowed, null)
            : (AllowListVerdict.NotListed,
                $"the allow-list (AllowedSha256, {_digests.Count} entries) does not name {string.Join(", ", unlisted)}; add what you trust to it");
    }
}
