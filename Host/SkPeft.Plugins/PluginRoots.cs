namespace SkPeft.Plugins;

/// <summary>The folders that hold plugins, and the plugins' own folders in them.</summary>
internal sealed class PluginRoots
{
    private volatile IReadOnlyList<string> _folders;

    public PluginRoots(IReadOnlyList<string> folders) => _folders = Full(folders);

    public IReadOnlyList<string> Folders => _folders;

    /// <summary>Takes others in their place.</summary>
    public void Set(IReadOnlyList<string> folders) => _folders = Full(folders);

    /// <summary>Whether a plugin's folder lies in one of them.</summary>
    public bool Hold(string folder) => _folders.Contains(Path.GetDirectoryName(folder), StringComparer.Ordinal);

    /// <summary>The sub-folders with assemblies in them: in the order of the roots, then of their names.</summary>
    public IReadOnlyList<string> Scan() => [.. Folders.SelectMany(PluginFoldersIn)];

    /// <summary>What is odd about the roots themselves, each with what to do about it.</summary>
    public IEnumerable<(string Folder, string Remark)> Remarks()
    {
        foreach (string root in Folders)
        {
            if (!Directory.Exists(root))
            {
                yield return (root,
                    $"The plugin folder {root} does not exist, so there are no plugins from it; create it, or name another one. " +
                    "It is expected to hold <AssemblyName>/<AssemblyName>.dll.");
                continue;
            }

            string? stray = Try(() => PluginFiles.AssembliesIn(root).FirstOrDefault()?.Name);
            if (stray is not null)
            {
                string name = Path.GetFileNameWithoutExtension(stray);
                yield return (root,
                    $"{stray} lies directly in the plugin folder {root} and is not loaded; " +
                    $"each plugin needs a folder of its own: {Path.Combine(root, name, stray)}.");
            }
        }
    }

    private static string[] Full(IReadOnlyList<string> folders) =>
        [.. folders.Select(f => Path.TrimEndingDirectorySeparator(Path.GetFullPath(f))).Distinct(StringComparer.Ordinal)];

    private static IReadOnlyList<string> PluginFoldersIn(string root) => Try<IReadOnlyList<string>>(() =>
    [
        .. Directory.EnumerateDirectories(root)
            .Where(d => !Path.GetFileName(d).StartsWith('.') && Try(() => PluginFiles.AssembliesIn(d).Length > 0, whenUnreadable: true))
            .Order(StringComparer.Ordinal),
    ]) ?? [];

    private static T? Try<T>(Func<T> look, T? whenUnreadable = default)
    {
        try
        {
            return look();
        }
        catch (DirectoryNotFoundException)
        {
            return default;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A folder that cannot be listed is looked at all the same, so that the reason ends up in the list of plugins.
            return whenUnreadable;
        }
    }
}
