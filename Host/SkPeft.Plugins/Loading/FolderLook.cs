namespace SkPeft.Plugins;

/// <summary>One look at a plugin's folder: its files, or why they cannot be had. Two looks with one fingerprint saw the same.</summary>
internal sealed record FolderLook(PluginFiles? Files, string? Refusal, string Fingerprint)
{
    private const string Gone = "gone";
    private const string Refused = "refused: ";

    /// <summary>True where no assembly is there (any more).</summary>
    public bool IsGone => Fingerprint == Gone;

    public static FolderLook At(string folder, long maxBytes)
    {
        try
        {
            PluginFiles? files = PluginFiles.Read(folder, maxBytes);
            return files is null ? new FolderLook(null, null, Gone) : new FolderLook(files, null, files.Fingerprint);
        }
        catch (PluginRefusal refusal)
        {
            return new FolderLook(null, refusal.Message, Refused + refusal.Message);
        }
    }

    /// <summary>True for a look that found files which it could not read; these may become readable without a change of their own.</summary>
    public static bool WasRefused(string fingerprint) => fingerprint.StartsWith(Refused, StringComparison.Ordinal);
}
